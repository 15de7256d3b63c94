"""How mail programs, in their languages, mark what they quote, sign and forward.

Every phrase is in small letters. To add a language, add its words to each table; no rule needs to change.
"""

import re

# "… wrote", at the end of the line above a quotation. Words of one script stand in one line.
WROTE = (
    "wrote", "writes", "sent",
    "schrieb", "schrieben", "schreibt", "geschrieben", "wie folgt",
    "a écrit", "a ecrit", "écrit", "écrivait", "nous a dit",
    "escribió", "escribio", "ha escrito", "va escriure", "escribiu", "idatzi du",
    "ha scritto", "scritto", "scrisse", "escreveu", "a scris",
    "schreef", "geschreven", "het geskryf",
    "skrev", "skrev følgende", "følgende", "följande", "skrifaði", "kirjoitti", "kirjutas", "kirjutas järgmist",
    "napisał", "napisała", "napisał(a)", "pisze", "napsal", "napsala", "napsal(a)",
    "napísal", "napísala", "napísal(a)", "napisao", "napisala", "napisao/la", "je napisao/la", "je napisal/-a",
    "ezt írta", "írta", "rakstīja", "rašė", "parašė", "shkroi",
    "yazdı", "şunları yazdı", "şunu yazdı", "yazmış", "đã viết", "viết", "menulis", "menulis:",
    "έγραψε", "написал", "написала", "написал(а)", "писал", "писал(а)", "пишет", "пише", "написав", "написала(а)",
    "написа", "је написао/ла",
    "כתב", "כתבה", "‏כתב", "كتب", "نوشت", "लिखा", "เขียน", "เขียนว่า",
    "書きました", "書き込みました", "のメッセージ", "のメール", "からのメール", "wrote です",
    "写道", "寫道", "写", "写于", "寫於", "님이 작성", "작성", "님이 작성했습니다", "님이 작성하였습니다", "님이 쓴 글", "쓴 글", "썼습니다",
)  # fmt: skip

# How such a line may begin, where it begins neither with a date nor with a name.
ON = (
    "on", "at", "in message", "quoting", "quoth", "in article",
    "am", "um", "zitat von", "vom", "le", "selon", "quoting from", "el", "il", "il giorno", "in data",
    "em", "no dia", "a", "op", "den", "på", "dne", "dňa", "dnia", "w dniu", "dana", "u", "v", "în data", "pe", "la",
    "kl", "vào", "pada", "στις", "в", "във", "на", "у", "ב", "في", "在", "於", "于", "le jeu", "ma", "to", "ke", "pe.",
    "feladó", "tarihinde", "date", "zitiere", "citando", "citat", "la data de", "el dia",
)  # fmt: skip

# The line of our own mail above which an answer is written.
ABOVE_IS_THE_ANSWER = "=== Write your answer above this line ==="

# The labels above a forwarded or quoted mail, by what they name.
LABELS = {
    "from": (
        "from", "von", "de", "da", "van", "fra", "från", "lähettäjä", "od", "feladó", "expéditeur", "remitente", "mittente",
        "rementente", "remetente", "afzender", "avsändare", "avsender", "afsender", "nadawca", "odesílatel", "odosielateľ",
        "šalje", "pošiljatelj", "pošiljatelj:", "expeditor", "expeditorul", "de la", "kimden", "gönderen", "от", "от кого",
        "отправитель", "від", "від кого", "από", "מאת", "من", "จาก", "từ", "dari", "saatja", "nuo", "no", "差出人", "送信者",
        "送信元", "from name", "发件人", "寄件者", "寄件人", "보낸 사람", "보낸사람", "발신", "보낸이", "absender", "gesendet von", "sent by",
    ),
    "date": (
        "date", "sent", "datum", "gesendet", "gesendet am", "envoyé", "envoyé le", "envoye", "le", "fecha", "enviado",
        "enviado el", "enviado em", "enviada em", "data", "inviato", "data invio", "verzonden", "dato", "sendt", "sent at",
        "skickat", "lähetetty", "päiväys", "päivämäärä", "wysłano", "wysłane", "odesláno", "odoslané", "dátum", "elküldve",
        "küldve", "poslano", "trimis", "dată", "tarih", "gönderildi", "gönderilen", "gönderme tarihi", "gönderilme tarihi",
        "дата", "отправлено", "надіслано", "изпратено", "ημερομηνία", "στάλθηκε", "εστάλη", "תאריך", "נשלח", "التاريخ",
        "تاريخ الإرسال", "تاريخ", "วันที่", "ส่ง", "ngày", "gửi", "đã gửi", "tanggal", "dikirim", "saadetud", "kuupäev",
        "išsiųsta", "日付", "日時", "送信日時", "受信日時", "日期", "发送时间", "傳送日期", "寄件日期", "发送日期", "时间", "时 间", "发送",
        "보낸 날짜", "날짜", "보낸날짜", "date et heure", "zeit", "uhrzeit",
    ),
    "to": (
        "to", "an", "à", "a", "para", "aan", "til", "till", "vastaanottaja", "do", "komu", "pre", "címzett", "destinataire",
        "destinatario", "destinatário", "ontvanger", "mottagare", "mottaker", "modtager", "adresat", "prima", "za",
        "către", "destinatar", "destinatarul", "kime", "alıcı", "кому", "получатель", "до", "προς", "אל", "إلى", "ถึง",
        "đến", "tới", "kepada", "untuk", "saaja", "kam", "kam:", "pour", "宛先", "収信者", "送信先", "to name", "收件人", "收件者", "받는 사람",
        "받는사람", "수신", "empfänger",
    ),
    "cc": (
        "cc", "bcc", "copie", "copie à", "copia", "copia para", "cópia", "kopie", "kopie (cc)", "kopi", "kopia", "kopio",
        "dw", "udw", "másolat", "másolatot kap", "kópia", "bilgi", "копия", "копія", "κοιν", "κοινοποίηση", "עותק", "نسخة",
        "สำเนา", "tembusan", "抄送", "副本", "ｃｃ", "cc:", "참조", "con copia",
    ),
    "subject": (
        "subject", "betreff", "objet", "sujet", "asunto", "oggetto", "assunto", "onderwerp", "emne", "ämne", "aihe",
        "temat", "předmět", "predmet", "naslov", "tárgy", "subiect", "subiectul", "konu", "тема", "относно", "θέμα", "נושא",
        "الموضوع", "موضوع", "หัวเรื่อง", "เรื่อง", "chủ đề", "tiêu đề", "subjek", "perihal", "teema", "tema", "件名", "题目", "主题", "主旨",
        "主題", "제목", "thema", "re",
    ),
    "other": (
        "reply-to", "reply to", "antwort an", "répondre à", "responder a", "rispondi a", "importance", "priority",
        "wichtigkeit", "priorität", "importancia", "importanza", "importância", "attachments", "anlagen", "anhang",
        "pièces jointes", "datos adjuntos", "allegati", "anexos", "bijlagen", "organization", "organisation", "newsgroups",
        "priorité", "添付ファイル", "重要度", "附件", "on behalf of", "im auftrag von", "message-id", "mailed-by", "signed-by",
        "sent on behalf of", "gesendet von", "envoyé par", "sensitivity", "categories", "flag", "follow up flag",
    ),
}  # fmt: skip
ROLES: dict[str, set[str]] = {}
for _role, _words in LABELS.items():
    for _word in _words:
        ROLES.setdefault(_word, set()).add(_role)

# "-----Original Message-----"
ORIGINAL = (
    "original message", "original appointment", "reply message", "previous message", "quoted message", "original email",
    "original", "original mail", "originalnachricht", "ursprüngliche nachricht", "ursprungliche nachricht",
    "ursprüngliche mail", "original-nachricht", "originalmeldung", "ursprünglicher termin", "antwort nachricht",
    "message d'origine", "message d’origine", "message original", "message initial", "message d origine", "mail original",
    "mensaje original", "mensaje de origen", "messaggio originale", "messaggio original", "mensagem original",
    "mensagem de origem", "missatge original", "oorspronkelijk bericht", "origineel bericht",
    "oprindelig meddelelse", "oprindelig besked", "opprinnelig melding", "original meddelelse", "original melding",
    "ursprungligt meddelande", "originalmeddelande", "originalmejl", "ursprungligt mejl", "alkuperäinen viesti",
    "wiadomość oryginalna", "oryginalna wiadomość", "wiadomosc oryginalna", "původní zpráva", "původní e-mail",
    "pôvodná správa", "eredeti üzenet", "izvorna poruka", "izvirno sporočilo", "originalna poruka", "mesaj original",
    "mesajul original", "orijinal ileti", "orijinal mesaj", "özgün ileti", "исходное сообщение",
    "оригинальное сообщение", "первоначальное сообщение", "пересланное сообщение исходное", "вихідне повідомлення",
    "оригінальне повідомлення", "оригинално съобщение", "αρχικό μήνυμα", "הודעה מקורית", "ההודעה המקורית",
    "الرسالة الأصلية", "رسالة أصلية", "thư gốc", "tin nhắn gốc", "pesan asli", "pesan original", "ข้อความต้นฉบับ", "ต้นฉบับข้อความ",
    "originalsõnum", "algne kiri", "元のメッセージ", "元のメール", "オリジナルメッセージ", "原始邮件", "原始郵件", "原邮件", "原郵件",
    "原始信息", "原始消息", "回复的原邮件", "邮件原件", "회신 메시지", "원본 메시지", "원본 메일", "original message follows",
)  # fmt: skip

# "---------- Forwarded message ---------", "Begin forwarded message:"
FORWARDED = (
    "forwarded message", "begin forwarded message", "forwarded mail", "forwarded email", "forwarded by", "forward message",
    "forwarded from", "weitergeleitete nachricht", "anfang der weitergeleiteten nachricht", "weitergeleitete mail",
    "weitergeleitet von", "message transféré", "message transmis", "message réexpédié", "début du message réexpédié",
    "début du message transféré", "mensaje reenviado", "inicio del mensaje reenviado", "mensaje remitido",
    "messaggio inoltrato", "inizio messaggio inoltrato", "mensagem encaminhada", "mensagem reencaminhada",
    "início da mensagem encaminhada", "início da mensagem reencaminhada", "doorgestuurd bericht",
    "begin doorgestuurd bericht", "videresendt meddelelse", "start på videresendt besked", "videresendt besked",
    "videresendt melding", "begynnelse på videresendt melding", "vidarebefordrat meddelande", "vidarebefordrat mejl",
    "vidarebefordrat brev", "edelleenlähetetty viesti", "välitetty viesti", "välitetty viesti alkaa",
    "välitetty viesti / fwd.msg", "przekazana wiadomość", "wiadomość przesłana dalej", "treść przekazanej wiadomości",
    "początek przekazywanej wiadomości", "přeposlaná zpráva", "začátek přeposílané zprávy", "preposlaná správa",
    "začiatok preposlanej správy", "továbbított üzenet", "továbbított levél kezdete", "proslijeđena poruka",
    "započni proslijeđenu poruku", "posredovano sporočilo", "mesaj redirecționat", "începe mesajul redirecționat",
    "iletilmiş mesaj", "iletilen ileti", "ileti başlangıcı", "пересылаемое сообщение", "перенаправленное сообщение",
    "пересланное сообщение", "начало переадресованного сообщения", "переслане повідомлення",
    "перенаправлене повідомлення", "початок листа, що пересилається", "προωθημένο μήνυμα", "הודעה שהועברה",
    "الرسالة المعاد توجيهها", "رسالة معاد توجيهها", "thư đã được chuyển tiếp", "pesan diteruskan", "pesan terusan",
    "ข้อความที่ส่งต่อ", "転送メッセージ", "転送されたメッセージ", "メッセージを転送", "転送メール", "ここから転送", "转发邮件信息",
    "转发的邮件", "转发邮件", "轉寄郵件", "轉寄的郵件", "已转发邮件", "转发的邮件信息", "전달된 메시지", "전달된 메일", "missatge reenviat",
    "edasi saadetud kiri",
)  # fmt: skip

# How the subject of a reply and of a forward begins.
REPLIES = (
    "re", "aw", "antw", "antwort", "sv", "svar", "vs", "odp", "odpověď", "ref", "rif", "rép", "réf", "res", "resp", "r",
    "vl", "ynt", "yan", "cevap", "ответ", "на", "відп", "vá", "válasz", "απ", "σχετ", "תגובה", "השב", "رد", "trả lời",
    "bls", "balas", "回复", "回覆", "答复", "返信", "回", "답장", "회신", "re²", "resposta", "respuesta", "réponse", "risposta",
)  # fmt: skip
FORWARDS = (
    "fw", "fwd", "wg", "tr", "rv", "i", "enc", "vb", "vl", "doorst", "pd", "fs", "vs: fwd", "videresend", "redir", "ilt",
    "i̇lt", "пересл", "перес", "πρθ", "הועבר", "העבר", "إعادة توجيه", "chuyển tiếp", "转发", "轉寄", "転送", "전달", "továbbítás",
    "továbbítva", "tov", "trs", "weitergeleitet",
)  # fmt: skip

# "Please write above this line": what ticket systems put over what they quote.
ABOVE_LINE = re.compile(
    r"reply above this line|type your reply above|write (?:your reply )?above this line|respond above this line"
    r"|please reply above|antwort(?:en)? (?:bitte )?(?:sie )?(?:oberhalb|über) dieser? (?:linie|zeile)"
    r"|(?:oberhalb|über) dieser (?:linie|zeile) (?:antworten|schreiben)|répondre au-dessus de cette ligne"
    r"|saisissez votre réponse au-dessus|escriba su respuesta (?:por )?encima|por encima de esta línea"
    r"|rispondi sopra (?:a )?questa riga|responda acima desta linha|typ uw antwoord boven deze regel"
    r"|^original message processed by david|^ursprüngliche nachricht (?:verarbeitet|bearbeitet) (?:von|durch) david"
    r"|この行より上|请在此行(?:之)?上方?回复|この線より上"
)

# The line that a telephone or a program adds below what was typed.
DEVICE = re.compile(
    r"""(?:\W{0,3})(?:
    (?:sent|written|posted)\ (?:from|via|with|by|using)\ (?:my\ )?[^.!?\n]{2,60}
    | sent\ from\ (?:my\ )?[\w.\ +-]{2,40}
    | get\ outlook\ for\ .{2,40}
    | (?:download|try)\ (?:the\ )?(?:outlook|spark|airmail|yahoo|proton)\ .{2,50}
    | (?:diese\ (?:nachricht|e-?mail)\ wurde\ )?von\ (?:meinem|meiner|mein)\ .{2,60}\ gesendet
    | (?:diese\ (?:nachricht|e-?mail)\ wurde\ )?(?:mit|von|über)\ .{2,60}\ (?:gesendet|versandt|verschickt)
    | von\ .{2,40}\ gesendet
    | gesendet\ (?:von|mit|über|aus|vom)\ .{2,60}
    | (?:holen\ sie\ sich\ )?outlook\ für\ .{2,40}(?:\ (?:beziehen|herunterladen|holen))?
    | envoyé\ (?:depuis|de|à\ partir\ de|à\ partir\ d'|avec|via|par)\ ?.{2,60}
    | (?:télécharger|obtenir|obtenez)\ outlook\ (?:pour|sur)\ .{2,40}
    | (?:enviado|mensaje\ enviado|mensagem\ enviada|enviada)\ (?:desde|do|de|a\ partir\ do|pelo|con|com|via)\ .{2,60}
    | (?:obtener|obter|obtenga|descargar)\ (?:o\ )?outlook\ (?:para|for)\ .{2,40}
    | inviato\ (?:da|dal|con|tramite)\ .{2,60}
    | (?:ottieni|scarica)\ outlook\ (?:per|for)\ .{2,40}
    | (?:verzonden|verstuurd)\ (?:vanaf|vanuit|met|via|van)\ .{2,60}
    | (?:outlook\ voor\ .{2,40}\ (?:downloaden|ophalen)|(?:download|haal)\ outlook\ voor\ .{2,40})
    | (?:sendt|skickat|lähetetty|sendt)\ (?:fra|från|med|via)\ .{2,60}
    | (?:hent|hämta|få|skaffa)\ outlook\ (?:til|för|for)\ .{2,40}
    | lähetetty\ .{2,60}
    | (?:hanki|lataa)\ outlook\ .{2,40}
    | (?:wysłano|wysłane|wysłany)\ (?:z|za\ pomocą)\ .{2,60}
    | (?:pobierz|uzyskaj)\ .{0,12}outlook\ .{2,40}
    | (?:odesláno|odoslané)\ (?:z|ze|pomocou)\ .{2,60}
    | (?:az?\ )?(?:iphone|ipad|android|samsung)\S{0,8}\ (?:küldve|elküldve).{0,20}
    | (?:poslano|trimis|dikirim)\ (?:s|sa|iz|de\ pe|din|dari|z)\ .{2,60}
    | (?:iphone|ipad|android|samsung)\S{0,8}\ gönderildi
    | (?:отправлено|надіслано|изпратено|відправлено)\ (?:с|со|из|от|з|із)\ .{2,60}
    | (?:στάλθηκε|εστάλη)\ από\ .{2,60}
    | נשלח\ מ.{2,40}
    | (?:أُ?رسلت|مرسل)\ من\ .{2,40}
    | (?:gửi|đã\ gửi)\ từ\ .{2,40}
    | ส่งจาก\ ?.{2,40}
    | (?:iphone|ipad|android|私の|マイ).{0,30}から送信(?:されました)?
    | .{2,30}(?:から送信|で送信)(?:されました)?
    | outlook\ for\ (?:ios|android)\ ?を入手
    | (?:发|發)自(?:我的|.{0,3}).{2,30}
    | 从我的.{2,20}发送 | 從我的.{2,20}(?:傳送|寄出)
    | 获取\ ?outlook\ for\ .{2,20} | (?:取得|下載)\ ?outlook\ .{2,20}
    | (?:나의|내)\ .{2,20}에서\ (?:보냄|전송) | .{2,20}에서\ 보냄
    | sent\ from\ (?:my\ )?[^.,!?\n]{2,40}[.,]\ {1,2}(?:please\ )?(?:excuse|pardon|forgive)\b.{0,60}
    | from\ my\ (?:iphone|ipad|mobile|phone|android|blackberry)\b.{0,20}
    )\W{0,3}""",
    re.VERBOSE,
)
