"""Mail that says one thing and nothing else: that it is fixed, not yet, that the help was good, or bad.

The words are known strictly: all that is new in the mail is one of them, but for thanks, a greeting and a name. What
says more is an answer like any other.
"""

import re
import unicodedata
from collections.abc import Iterable

LONGEST = 200  # characters: what is longer says more

FIXED = """
yes/yep/yeah/yes it is/yes it does/yes it did/yes fixed/yes solved/yes resolved/yes it works/yes works/yes it works now
yes that fixed it/yes that worked/yes it is fixed/yes it's fixed/yes all good/yes confirmed/fixed/solved/resolved
confirmed/it works/it works now/works/works now/works again/it works again/all good/all good now/that fixed it
that worked/it is fixed/it's fixed/it is solved/problem solved/fixed now
ja/jawohl/ja das hat geholfen/das hat geholfen/ja geht/ja es geht/es geht/es geht wieder/geht wieder/ja geht wieder
ja es geht wieder/funktioniert/funktioniert wieder/es funktioniert/es funktioniert wieder/ja es funktioniert
ja funktioniert/ja funktioniert wieder/ja behoben/ja gelöst/behoben/gelöst/ist behoben/erledigt/ja erledigt/läuft wieder
es läuft wieder/ja es läuft wieder/alles gut/passt/ja passt/passt alles
oui/oui ça marche/ça marche/ça fonctionne/oui ça fonctionne/c'est bon/oui c'est bon/résolu/c'est résolu/oui c'est résolu
réglé/c'est réglé/oui c'est réglé/oui résolu/problème résolu
sí/si/sí funciona/si funciona/ya funciona/sí ya funciona/funciona/resuelto/sí resuelto/está resuelto/solucionado
sì/sì funziona/funziona/ora funziona/risolto/sì risolto/sim/sim funciona/já funciona/resolvido/sim resolvido/funcionou
opgelost/ja opgelost/werkt weer/het werkt/het werkt weer/ja het werkt/tak/tak działa/działa/naprawione/rozwiązane
ja det virker/det virker/ja det fungerar/det fungerar/løst/löst/да/да работает/работает/решено
はい/はい解決しました/解決しました/解決です/直りました/はい直りました/問題ありません/大丈夫です/动了/是/是的/好了/可以了/已解决/解决了
已解決/解決了/네/예/해결됐습니다/해결되었습니다/해결됨
"""
NOT_YET = """
no/nope/not yet/no not yet/not fixed/not solved/not resolved/no it is not/no it isn't/no it does not/no it doesn't
no it didn't/it does not work/it doesn't work/does not work/doesn't work/still not working/still not fixed/still broken
it is still broken/it's still broken/no still broken/still the same/same problem/not working/unfortunately not
nein/noch nicht/nein noch nicht/leider nein/leider nicht/leider noch nicht/nein leider nicht/geht nicht/geht noch nicht
geht immer noch nicht/es geht nicht/es geht immer noch nicht/funktioniert nicht/funktioniert immer noch nicht
es funktioniert nicht/es funktioniert immer noch nicht/immer noch kaputt/nein geht nicht/nein es geht nicht
non/pas encore/non pas encore/toujours pas/non toujours pas/ça ne marche pas/non ça ne marche pas/ça ne fonctionne pas
todavía no/aún no/no todavía no/no aún no/no funciona/non ancora/no non ancora/non funziona/não/ainda não/não ainda não
não funciona/nee/nog niet/nee nog niet/werkt niet/het werkt niet/nie/jeszcze nie/nie działa/nej/inte än/ikke ennå
det virker ikke/нет/ещё нет/не работает
いいえ/まだ/まだです/まだ直っていません/直っていません/解決していません/没有/还没/还没有/不行/没解决/還沒/還沒有/아니요/아직/아직이요/아직 아닙니다
"""
GOOD = """
good/very good/great/excellent/perfect/good help/great help/great support/super/awesome/👍/🙂/😊
gut/sehr gut/toll/prima/hervorragend/spitze/bon/bien/très bien/parfait/bueno/buena/muy bien/muy bueno/perfecto/excelente
buono/ottimo/bene/molto bene/bom/boa/muito bom/ótimo/goed/heel goed/uitstekend/dobrze/bardzo dobrze/bra/mycket bra/godt
хорошо/отлично/良い/良かった/良かったです/とても良い/とても良かったです/満足/満足です/好/很好/非常好/满意/좋아요/좋습니다/좋음
"""
BAD = """
bad/very bad/poor/terrible/awful/bad help/👎/🙁/😞
schlecht/sehr schlecht/mies/miserabel/mauvais/très mauvais/mal/très mal/malo/mala/muy mal/muy malo/pésimo/male/pessimo
ruim/mau/péssimo/slecht/heel slecht/źle/bardzo źle/dåligt/dårlig/dårligt/плохо/悪い/悪かった/悪かったです/不満/不満です/差/很差/不好
不满意/나빠요/나쁩니다/나쁨
"""
POLITE = """
thanks/thank you/many thanks/thank you very much/thanks a lot/thx/cheers/please/sorry/hello/hi/dear all/best regards
kind regards/regards/best/danke/danke schön/dankeschön/vielen dank/besten dank/danke sehr/hallo/guten tag/guten morgen
viele grüße/beste grüße/mit freundlichen grüßen/freundliche grüße/grüße/gruß/mfg/lg/vg/merci/merci beaucoup/bonjour
bonsoir/cordialement/bien à vous/gracias/muchas gracias/hola/saludos/un saludo/grazie/grazie mille/ciao/cordiali saluti
saluti/obrigado/obrigada/muito obrigado/muito obrigada/olá/bedankt/dank je/dank u/dank je wel/met vriendelijke groet
dziękuję/dzięki/pozdrawiam/tack/tak tak/takk/med vänlig hälsning/спасибо/ありがとう/ありがとうございます/ありがとうございました/谢谢/謝謝/감사합니다
"""
ENDS = re.compile(r"[.,!?;:…。、，．！？\n\r()\"“”„«»*_–—-]+")


def _words(table: str) -> frozenset[str]:
    return frozenset(_plain(one) for line in table.splitlines() for one in line.split("/") if one)


def _plain(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).replace("’", "'").casefold().split())


_FIXED, _NOT_YET, _GOOD, _BAD = map(_words, (FIXED, NOT_YET, GOOD, BAD))
_POLITE = sorted(_words(POLITE), key=len, reverse=True)
_AROUND = re.compile(rf"^(?:{'|'.join(map(re.escape, _POLITE))}) | (?:{'|'.join(map(re.escape, _POLITE))})$")


def says_fixed(text: str, name: str = "") -> bool | None:
    """Whether it says yes or not yet to "Did this fix it?"; None where it says anything else. `name` is its sender's."""
    return _either(text, name, _FIXED, _NOT_YET)


def says_good(text: str, name: str = "") -> bool | None:
    """Whether it calls our help good or bad; None where it says anything else."""
    return _either(text, name, _GOOD, _BAD)


def _either(text: str, name: str, yes: Iterable[str], no: Iterable[str]) -> bool | None:
    said = _bare(text, name)
    return True if said in yes else False if said in no else None


def _bare(text: str, name: str) -> str:
    """All that it says, without thanks, greetings and its sender's name."""
    if len(text) > LONGEST:
        return ""
    own = set(_plain(ENDS.sub(" ", name)).split())
    parts = [_plain(part) for part in ENDS.split(text)]
    said = [part for part in parts if part not in _POLITE and not own.issuperset(part.split())]
    return _AROUND.sub("", " ".join(said))
