// A name between colons, such as :smile:, becomes its emoji as the last colon is typed. Code and unknown names stay.
(() => {
  const TABLE = `
    smile 😄 smiley 😃 grin 😁 grinning 😀 laughing 😆 joy 😂 rofl 🤣 slight_smile 🙂 upside_down 🙃 wink 😉 blush 😊
    innocent 😇 heart_eyes 😍 star_struck 🤩 relieved 😌 yum 😋 sunglasses 😎 nerd 🤓 thinking 🤔 neutral 😐
    expressionless 😑 no_mouth 😶 smirk 😏 unamused 😒 rolling_eyes 🙄 grimacing 😬 lying 🤥 pensive 😔 sleepy 😪
    sleeping 😴 mask 😷 sick 🤢 hot 🥵 cold 🥶 dizzy 😵 exploding_head 🤯 cowboy 🤠 party 🥳 confused 😕 worried 😟
    frowning ☹️ open_mouth 😮 astonished 😲 flushed 😳 pleading 🥺 fearful 😨 cold_sweat 😰 cry 😢 sob 😭 scream 😱
    disappointed 😞 sweat 😓 sweat_smile 😅 weary 😩 tired 😫 yawning 🥱 triumph 😤 angry 😠 rage 😡 skull 💀 ghost 👻
    robot 🤖 poop 💩 wave 👋 raised_hand ✋ ok_hand 👌 pinched 🤏 v ✌️ crossed_fingers 🤞 point_left 👈 point_right 👉
    point_up ☝️ point_down 👇 +1 👍 thumbsup 👍 -1 👎 thumbsdown 👎 fist ✊ clap 👏 raised_hands 🙌 open_hands 👐
    handshake 🤝 pray 🙏 muscle 💪 writing_hand ✍️ eyes 👀 brain 🧠 shrug 🤷 facepalm 🤦 bow 🙇 heart ❤️ orange_heart 🧡
    yellow_heart 💛 green_heart 💚 blue_heart 💙 purple_heart 💜 broken_heart 💔 100 💯 boom 💥 sweat_drops 💦 zzz 💤
    fire 🔥 star ⭐ sparkles ✨ zap ⚡ sun ☀️ cloud ☁️ rain 🌧️ snowflake ❄️ rainbow 🌈 rocket 🚀 car 🚗 truck 🚚
    train 🚆 airplane ✈️ ship 🚢 house 🏠 office 🏢 hospital 🏥 coffee ☕ tea 🍵 beer 🍺 pizza 🍕 cake 🍰 birthday 🎂
    apple 🍎 tada 🎉 balloon 🎈 gift 🎁 trophy 🏆 medal 🏅 dart 🎯 bell 🔔 no_bell 🔕 mega 📣 bulb 💡 flashlight 🔦
    wrench 🔧 hammer 🔨 gear ⚙️ link 🔗 paperclip 📎 scissors ✂️ lock 🔒 unlock 🔓 key 🔑 mag 🔍 pencil ✏️ memo 📝
    book 📖 bookmark 🔖 calendar 📅 chart 📊 clipboard 📋 pushpin 📌 email 📧 envelope ✉️ phone 📞 mobile 📱
    computer 💻 printer 🖨️ keyboard ⌨️ camera 📷 battery 🔋 plug 🔌 floppy 💾 folder 📁 package 📦 money 💰
    credit_card 💳 bug 🐛 hourglass ⏳ alarm ⏰ stopwatch ⏱️ check ✅ white_check_mark ✅ x ❌ warning ⚠️ no_entry ⛔
    construction 🚧 question ❓ exclamation ❗ red_circle 🔴 yellow_circle 🟡 green_circle 🟢 blue_circle 🔵 arrow_left ⬅️
    arrow_right ➡️ arrow_up ⬆️ arrow_down ⬇️ recycle ♻️ globe 🌐 dog 🐶 cat 🐱 snail 🐌 turtle 🐢 unicorn 🦄 seedling 🌱
  `;
  const words = TABLE.trim().split(/\s+/);
  const EMOJI = new Map(words.flatMap((word, at) => (at % 2 ? [] : [[word, words[at + 1]]])));
  const NAMED = /(?:^|\s):([a-z0-9_+-]+):$/;

  function isCode(before) {
    const isOdd = (text, mark) => text.split(mark).length % 2 === 0;
    return isOdd(before, "```") || isOdd(before.split("\n").at(-1), "`");
  }

  document.addEventListener("input", ({ target, data, isTrusted }) => {
    if (!isTrusted || data !== ":" || !target.matches("[data-formatted] textarea")) return;
    const end = target.selectionStart;
    const before = target.value.slice(0, end);
    const name = NAMED.exec(before)?.[1];
    if (!EMOJI.has(name) || isCode(before)) return;
    target.setSelectionRange(end - name.length - 2, end);
    document.execCommand("insertText", false, EMOJI.get(name)); // which can be undone
  });
})();
