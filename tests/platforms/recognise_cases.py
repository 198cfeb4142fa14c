"""Free text and the places in it: (what is tested, text, places), a place being (platform, kind,
canonical, problem). Plain links of every platform stand in platforms/catalogue/examples.yaml."""

Expected = tuple[str | None, str, str | None, str | None]

POST = "https://x.com/someone/status/1725000000000000000"
X_POST: Expected = ("x", "post", POST, None)
TG: Expected = ("telegram", "message", "https://t.me/somechannel/1234", None)
TG_CHANNEL: Expected = ("telegram", "channel", "https://t.me/somechannel", None)
INVITE: Expected = ("discord", "invite", "https://discord.gg/AbCdEf12", None)
BOARD: Expected = (None, "url", "https://board.example/t/12", None)


def place(platform: str | None = None) -> Expected:
    return (platform, "place", None, None)


def flagged(problem: str, canonical: str | None = None) -> Expected:
    return (None, "url" if canonical else "note", canonical, problem)


CASES: list[tuple[str, str, list[Expected]]] = [
    # defanged
    ("hxxps", "hxxps://t.me/somechannel/1234", [TG]),
    ("hxxp in capitals", "HXXP://t.me/somechannel/1234", [TG]),
    ("colon in brackets", "hxxps[:]//t.me/somechannel/1234", [TG]),
    ("colon and slashes in brackets", "hxxps[://]t.me/somechannel/1234", [TG]),
    ("dot in square brackets", "https://t[.]me/somechannel/1234", [TG]),
    ("dot in round brackets", "https://t(.)me/somechannel/1234", [TG]),
    ("dot in braces", "https://t{.}me/somechannel/1234", [TG]),
    ("the word dot in brackets", "https://t[dot]me/somechannel/1234", [TG]),
    ("the word dot in round brackets", "t(dot)me/somechannel/1234", [TG]),
    ("defanged dot with spaces", "board [.] example/t/12", [BOARD]),
    ("slash in brackets", "t[.]me[/]somechannel[/]1234", [TG]),
    ("stars for tt", "h**ps://t.me/somechannel/1234", [TG]),
    ("backslashes", "https:\\\\t.me\\somechannel\\1234", [TG]),
    ("bare defanged host", "evil[.]example", [(None, "url", "https://evil.example/", None)]),
    # scheme missing or broken
    ("no scheme", "t.me/somechannel/1234", [TG]),
    ("no scheme in prose", "look at t.me/somechannel/1234 please", [TG]),
    (
        "no scheme with www",
        "www.board.example/t/12",
        [(None, "url", "https://www.board.example/t/12", None)],
    ),
    ("no scheme, unknown site with a path", "board.example/t/12", [BOARD]),
    ("protocol-relative", "//t.me/somechannel/1234", [TG]),
    ("colon forgotten", "https//t.me/somechannel/1234", [TG]),
    ("one slash", "https:/t.me/somechannel/1234", [TG]),
    ("three slashes", "https:///t.me/somechannel/1234", [TG]),
    ("scheme in capitals", "HTTPS://T.ME/somechannel/1234", [TG]),
    ("label before it", "Link:t.me/somechannel/1234", [TG]),
    ("app link", "tg://resolve?domain=somechannel&post=1234", [TG]),
    ("app link in capitals", "TG://resolve?domain=somechannel&post=1234", [TG]),
    # punctuation around it
    ("full stop", f"It is {POST}.", [X_POST]),
    ("comma", f"{POST}, since May", [X_POST]),
    ("question mark", f"have you seen {POST}?", [X_POST]),
    ("exclamation marks", f"{POST}!!!", [X_POST]),
    ("semicolon and quote", f"'{POST}';", [X_POST]),
    ("round brackets", f"(see {POST})", [X_POST]),
    ("angle brackets", f"<{POST}>", [X_POST]),
    ("typographic quotes", f"„{POST}“", [X_POST]),
    ("guillemets", f"«{POST}»", [X_POST]),
    ("ellipsis", f"{POST}…", [X_POST]),
    (
        "brackets that belong to the path",
        "https://wiki.example/Foo_(bar)",
        [(None, "url", "https://wiki.example/Foo_(bar)", None)],
    ),
    ("two on one line", f"{POST} https://discord.gg/AbCdEf12", [X_POST, INVITE]),
    ("two with a comma", f"{POST},https://discord.gg/AbCdEf12", [X_POST, INVITE]),
    ("two glued together", f"{POST}https://discord.gg/AbCdEf12", [X_POST, INVITE]),
    ("the same twice", f"{POST}\n{POST}", [X_POST, X_POST]),
    ("csv row", "2026-05-01,https://t.me/somechannel/1234,posted,yes", [TG]),
    ("csv row without scheme", "2026-05-01;t.me/somechannel/1234;posted", [TG]),
    ("tab separated", "1\tt.me/somechannel/1234\tposted", [TG]),
    ("pipe table", "| 1 | https://t.me/somechannel/1234 |", [TG]),
    ("chat export", "[21/11/2026, 14:02] Anna: t.me/somechannel/1234", [TG]),
    ("bullet list", "- https://t.me/somechannel/1234\n* https://discord.gg/AbCdEf12", [TG, INVITE]),
    # markup
    ("markdown", f"[this post]({POST})", [X_POST]),
    ("markdown with a title", f'[this post]({POST} "a title")', [X_POST]),
    ("markdown that shows its own link", f"[{POST}]({POST})", [X_POST]),
    (
        "markdown that shows another link",
        f"[{POST}](https://discord.gg/AbCdEf12)",
        [X_POST, INVITE],
    ),
    ("html", f'<a href="{POST}">here</a>', [X_POST]),
    ("html in single quotes", f"<a href='{POST}'>here</a>", [X_POST]),
    (
        "html with an escaped ampersand",
        '<a href="https://www.youtube.com/watch?v=AbCdEfGhIjK&amp;list=PLabc">v</a>',
        [("youtube", "video", "https://www.youtube.com/watch?v=AbCdEfGhIjK&list=PLabc", None)],
    ),
    (
        "html picture",
        '<img src="https://pbs.twimg.com/media/AbCdEf.jpg?format=jpg">',
        [("x", "cdn", "https://pbs.twimg.com/media/AbCdEf.jpg?format=jpg", None)],
    ),
    ("bbcode", f"[url={POST}]here[/url]", [X_POST]),
    ("bbcode around it", f"[url]{POST}[/url]", [X_POST]),
    ("workplace markup", f"<{POST}|here>", [X_POST]),
    ("json", '{"url":"https:\\/\\/t.me\\/somechannel\\/1234","n":1}', [TG]),
    ("bold", f"**{POST}**", [X_POST]),
    ("code", f"`{POST}`", [X_POST]),
    # parameters
    (
        "tracking dropped on an unknown site",
        "https://board.example/t/12?utm_source=a&fbclid=b",
        [BOARD],
    ),
    (
        "meaning kept on an unknown site",
        "https://board.example/v.php?id=7&si=x&page=2",
        [(None, "url", "https://board.example/v.php?id=7&page=2", None)],
    ),
    (
        "fragment kept on an unknown site",
        "https://board.example/t/12#p9",
        [(None, "url", "https://board.example/t/12#p9", None)],
    ),
    (
        "a link inside a parameter stays",
        "https://board.example/go?to=https://t.me/somechannel",
        [(None, "url", "https://board.example/go?to=https://t.me/somechannel", None)],
    ),
    (
        "a link inside a path stays",
        "https://archive.example/2024/https://t.me/somechannel",
        [(None, "url", "https://archive.example/2024/https://t.me/somechannel", None)],
    ),
    (
        "wrapped twice",
        "https://l.facebook.com/l.php?u=https%3A%2F%2Fwww.google.com%2Furl%3F"
        "url%3Dhttps%253A%252F%252Ft.me%252Fsomechannel",
        [TG_CHANNEL],
    ),
    (
        "accents are written in one way",
        "https://board.example/caffè",
        [(None, "url", "https://board.example/caff%C3%A8", None)],
    ),
    # hosts
    (
        "foreign host",
        "https://münchen.example/t/1",
        [(None, "url", "https://xn--mnchen-3ya.example/t/1", None)],
    ),
    (
        "foreign host already encoded",
        "https://xn--mnchen-3ya.example/t/1",
        [(None, "url", "https://xn--mnchen-3ya.example/t/1", None)],
    ),
    (
        "cyrillic host",
        "https://форум.рф/тема",
        [(None, "url", "https://xn--l1adgmc.xn--p1ai/%D1%82%D0%B5%D0%BC%D0%B0", None)],
    ),
    (
        "port",
        "https://board.example:8443/t/12",
        [(None, "url", "https://board.example:8443/t/12", None)],
    ),
    ("default port", "https://board.example:443/t/12", [BOARD]),
    ("port on a known host", "https://t.me:443/somechannel", [TG_CHANNEL]),
    ("trailing dot", "https://board.example./t/12", [BOARD]),
    (
        "address in numbers",
        "http://203.0.113.9/t/1",
        [(None, "url", "https://203.0.113.9/t/1", None)],
    ),
    (
        "address of version 6",
        "http://[2001:db8::9]/t/1",
        [(None, "url", "https://[2001:db8::9]/t/1", None)],
    ),
    (
        "hidden service",
        "http://abcdefghijklmnop.onion/t/1",
        [(None, "url", "https://abcdefghijklmnop.onion/t/1", None)],
    ),
    # tricks
    (
        "userinfo names a platform",
        "https://x.com@evil.example/someone",
        [flagged("userinfo", "https://evil.example/someone")],
    ),
    (
        "userinfo with a password",
        "https://x.com:443@evil.example/",
        [flagged("userinfo", "https://evil.example/")],
    ),
    (
        "userinfo behind a backslash",
        "https://evil.example\\@x.com/someone",
        [(None, "url", "https://evil.example/@x.com/someone", None)],
    ),
    (
        "userinfo on a real platform",
        "https://a:b@x.com/someone",
        [flagged("userinfo", "https://x.com/someone")],
    ),
    (
        "platform as a subdomain",
        "https://discord.com.evil.example/channels/1/2/3",
        [flagged("lookalike", "https://discord.com.evil.example/channels/1/2/3")],
    ),
    (
        "short platform as a subdomain",
        "https://x.com.evil.example/a/status/1",
        [flagged("lookalike", "https://x.com.evil.example/a/status/1")],
    ),
    (
        "platform and a hyphen",
        "https://discord.com-login.example/a",
        [flagged("lookalike", "https://discord.com-login.example/a")],
    ),
    ("zero for o", "https://faceb00k.com/a", [flagged("lookalike", "https://faceb00k.com/a")]),
    ("one for l", "https://tumb1r.com/a", [flagged("lookalike", "https://tumb1r.com/a")]),
    ("rn for m", "https://instagrarn.com/a", [flagged("lookalike", "https://instagrarn.com/a")]),
    ("letters swapped", "https://discrod.com/a", [flagged("lookalike", "https://discrod.com/a")]),
    (
        "look-alike below a subdomain",
        "https://www.faceb00k.com/a",
        [flagged("lookalike", "https://www.faceb00k.com/a")],
    ),
    (
        "look-alike without a scheme",
        "discrod.com/invite/a",
        [flagged("lookalike", "https://discrod.com/invite/a")],
    ),
    (
        "cyrillic letters",
        "https://fасebook.com/a",
        [flagged("homograph", "https://xn--febook-3nf0l.com/a")],
    ),
    (
        "greek letter",
        "https://discοrd.com/a",
        [flagged("homograph", "https://xn--discrd-l0e.com/a")],
    ),
    (
        "homograph already encoded",
        "https://xn--discrd-l0e.com/a",
        [flagged("homograph", "https://xn--discrd-l0e.com/a")],
    ),
    (
        "one cyrillic letter for x",
        "https://х.com/a/status/1",
        [flagged("homograph", "https://xn--u1a.com/a/status/1")],
    ),
    (
        "mixed scripts without a model",
        "https://bоard.example/t",
        [flagged("homograph", "https://xn--bard-55d.example/t")],
    ),
    (
        "name only ends alike",
        "https://mydiscord.com/a",
        [(None, "url", "https://mydiscord.com/a", None)],
    ),
    (
        "name in the path only",
        "https://board.example/discord.com/a",
        [(None, "url", "https://board.example/discord.com/a", None)],
    ),
    (
        "own network",
        "http://localhost:8000/x",
        [flagged("private_address", "https://localhost:8000/x")],
    ),
    (
        "own network in numbers",
        "http://192.168.1.4/x",
        [flagged("private_address", "https://192.168.1.4/x")],
    ),
    ("number as a host", "http://3232235777/x", [flagged("bad_host")]),
    ("no host", "https:///", [flagged("bad_host")]),
    ("host with a space character", "https://a%20b.example/x", [flagged("bad_host")]),
    ("impossible port", "https://board.example:99999/x", [flagged("bad_host")]),
    (
        "another scheme",
        "ftp://files.example/a.jpg",
        [flagged("other_scheme", "ftp://files.example/a.jpg")],
    ),
    (
        "magnet",
        "magnet:?xt=urn:btih:abcdef0123",
        [flagged("other_scheme", "magnet:?xt=urn:btih:abcdef0123")],
    ),
    # dangerous schemes
    ("javascript", "javascript:alert(1)", [flagged("dangerous_scheme")]),
    ("javascript with a tab", "java\tscript:alert(1)", [flagged("dangerous_scheme")]),
    ("javascript over two lines", "java\nscript:alert(1)", [flagged("dangerous_scheme")]),
    (
        "javascript with a control character",
        "\x01javascript:alert(1)",
        [flagged("dangerous_scheme")],
    ),
    (
        "javascript with a zero-width space",
        "java\u200bscript:alert(1)",
        [flagged("dangerous_scheme")],
    ),
    ("javascript with spaces", "j a v a script : alert(1)", [flagged("dangerous_scheme")]),
    (
        "javascript that looks like a link",
        "javascript://t.me/%0aalert(1)",
        [flagged("dangerous_scheme")],
    ),
    ("javascript in html", '<a href="JaVaScRiPt:alert(1)">x</a>', [flagged("dangerous_scheme")]),
    ("data", "data:text/html;base64,PGI+", [flagged("dangerous_scheme")]),
    ("data with a picture", "data:image/png;base64,iVBORw0KGgo=", [flagged("dangerous_scheme")]),
    ("file", "file:///etc/passwd", [flagged("dangerous_scheme")]),
    ("file on windows", "file:C:/Users/x/a.jpg", [flagged("dangerous_scheme")]),
    ("vbscript", "vbscript:msgbox(1)", [flagged("dangerous_scheme")]),
    (
        "dangerous inside a redirect",
        "https://www.google.com/url?q=javascript:alert(1)",
        [flagged("dangerous_scheme")],
    ),
    (
        "dangerous word in a parameter",
        "https://board.example/t?q=javascript:x",
        [(None, "url", "https://board.example/t?q=javascript:x", None)],
    ),
    (
        "the good one beside it is kept",
        f"javascript:alert(1) {POST}",
        [flagged("dangerous_scheme"), X_POST],
    ),
    # characters that cannot be seen
    ("zero-width inside", "https://t.\u200bme/some\u200dchannel/1234", [TG]),
    ("byte order mark", "\ufeffhttps://t.me/somechannel/1234", [TG]),
    ("right-to-left override", "\u202ehttps://t.me/somechannel/1234\u202c", [TG]),
    ("right-to-left prose", "انظر هنا https://t.me/somechannel/1234 شكرا", [TG]),
    ("right-to-left prose without spaces", "رابط:t.me/somechannel/1234", [TG]),
    ("hebrew", "תראי את https://t.me/somechannel/1234.", [TG]),
    ("chinese without spaces", "请看https://t.me/somechannel/1234，谢谢", [TG]),
    ("soft hyphen", "https://t.me/some\u00adchannel/1234", [TG]),
    ("no-break space", "https://t.me/somechannel/1234\u00a0posted", [TG]),
    ("line separator", "https://t.me/somechannel/1234\u2028next", [TG]),
    # prose
    ("english", "He posted it at https://t.me/somechannel/1234, and I want it gone.", [TG]),
    ("french", "Il l'a mis sur t.me/somechannel/1234; aidez-moi.", [TG]),
    ("dutch", "Het staat op t.me/somechannel/1234!", [TG]),
    ("italian", "L'ha messo qui: https://t.me/somechannel/1234. Aiuto", [TG]),
    ("german", "Es steht unter „https://t.me/somechannel/1234“.", [TG]),
    ("spanish", "¿Lo viste? https://t.me/somechannel/1234", [TG]),
    ("prose only", "He said he would share them with his friends.", []),
    ("prose with a platform in it", "He threatened me on Telegram last week.", []),
    ("no space after a full stop", "It was fine.It started on Monday.", []),
    ("a file name", "I kept screenshot.png and notes.md", []),
    ("abbreviations", "e.g. and i.e. and/or 12.05.2024 at 14.30", []),
    ("an e-mail address", "write to anna.rossi@mail.example", []),
    ("an e-mail address at a platform", "abuse@telegram.org never answered", []),
    ("the word data in Italian", "Data: 12 maggio", []),
    ("the word file", "File: see my notes", []),
    ("empty", "", []),
    ("spaces only", " \n\t ", []),
    # handles
    ("handle and link on one line", f"{POST} by @some_one", [X_POST, place()]),
    ("handle, platform and link", f"Telegram @somechannel, also {POST}", [TG_CHANNEL, X_POST]),
    (
        "handle inside a link is no second place",
        "https://www.tiktok.com/@some.one",
        [("tiktok", "profile", "https://www.tiktok.com/@some.one", None)],
    ),
    ("handle alone", "@some_one", [place()]),
    ("handle in prose", "the account is @some_one there", [place()]),
    ("handle of the fediverse", "@someone@social.example", [place()]),
    ("handle with its platform", "Telegram: @somechannel", [TG_CHANNEL]),
    (
        "handle with a nickname",
        "IG @some.one",
        [("instagram", "profile", "https://www.instagram.com/some.one", None)],
    ),
    (
        "handle and the platform behind it",
        "@some.one on TikTok",
        [("tiktok", "profile", "https://www.tiktok.com/@some.one", None)],
    ),
    (
        "handle and the platform in brackets",
        "@someone (OnlyFans)",
        [("onlyfans", "profile", "https://onlyfans.com/someone", None)],
    ),
    ("handle on X", "X: @someone", [("x", "profile", "https://x.com/someone", None)]),
    ("handle on Twitter", "Twitter @someone", [("x", "profile", "https://x.com/someone", None)]),
    (
        "handle in French",
        "compte Instagram : @some.one",
        [("instagram", "profile", "https://www.instagram.com/some.one", None)],
    ),
    ("handle where no address follows from it", "Discord: @some_one", [place("discord")]),
    (
        "reddit user",
        "u/some_one",
        [("reddit", "profile", "https://www.reddit.com/user/some_one", None)],
    ),
    (
        "reddit board in prose",
        "it was in r/somesub yesterday",
        [("reddit", "channel", "https://www.reddit.com/r/somesub", None)],
    ),
    ("wickr name", "Wickr: nightowl77", [place("wickr")]),
    (
        "snap name",
        "Snap: some.one",
        [("snapchat", "profile", "https://www.snapchat.com/add/some.one", None)],
    ),
    (
        "telephone",
        "WhatsApp: +32 470 00 00 00",
        [("whatsapp", "profile", "https://wa.me/32470000000", None)],
    ),
    # places without a link
    ("slack place", "Slack workspace acme, #general, 12 May 14:00", [place("slack")]),
    ("discord place", "Discord server 'night club', channel #pics", [place("discord")]),
    ("telegram place in Italian", 'gruppo Telegram "Bibbia 5.0"', [place("telegram")]),
    ("telegram place in French", "le groupe Telegram « Les copains »", [place("telegram")]),
    ("whatsapp place in German", "WhatsApp-Gruppe Klasse 9b", [place("whatsapp")]),
    ("telegram place in Dutch", "Telegram-groep Exposed Antwerpen", [place("telegram")]),
    ("telegram place in Spanish", "canal de Telegram Las Chicas", [place("telegram")]),
    ("wickr room", "Wickr room blue, since 3 May", [place("wickr")]),
    ("board place", "Anon-IB board be, thread 12345", [place("anon-ib")]),
    ("a link is enough for its line", "Telegram group t.me/somechannel", [TG_CHANNEL]),
]
