"""Made-up links in the form that each platform uses, so that recognising has real work."""

from random import Random

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
FORMS: dict[str, tuple[str, ...]] = {
    "facebook": ("https://m.facebook.com/photo.php?fbid={n15}&utm_source=demo",
                 "https://www.facebook.com/demo.page.{n4}/posts/{n15}"),
    "instagram": ("https://www.instagram.com/p/{a11}/?igsh=demo", "instagram.com/reel/{a11}"),
    "google-search": ("https://blog-{n6}.example/posts/{n8}",),
    "youtube": ("https://youtu.be/{a11}?si=demo", "https://www.youtube.com/watch?v={a11}"),
    "google-drive": ("https://drive.google.com/file/d/{a28}/view?usp=sharing",),
    "bing": ("https://blog-{n6}.example/posts/{n8}",),
    "onedrive": ("https://1drv.ms/f/s!{a24}",),
    "reddit": ("https://old.reddit.com/r/demo_board/comments/{l7}/demo/",),
    "discord": ("https://discord.com/channels/{n18}/{n18}/{n18}",),
    "tiktok": ("https://www.tiktok.com/@demo.account/video/{n19}",),
    "x": ("https://twitter.com/demo_{n6}/status/{n19}?s=20", "x.com/demo_{n6}/status/{n19}"),
    "onlyfans": ("https://onlyfans.com/{n9}/demoaccount",),
    "tumblr": ("https://demo-blog.tumblr.com/post/{n12}",),
    "snapchat": ("https://www.snapchat.com/spotlight/{a24}",),
    "pornhub": ("https://www.pornhub.com/view_video.php?viewkey=ph{n10}",),
    "whatsapp": ("https://whatsapp.com/channel/{a22}/{n3}",),
    "slack": ("https://demo-{n4}.slack.com/archives/C{u10}/p{n16}",),
    "telegram": ("https://t.me/demo_group_{n4}/{n4}", "https://t.me/s/demo_group_{n4}/{n5}"),
}  # fmt: skip


def link(platform: str, dice: Random) -> str:
    """Return one more link there; equal only by a chance that does not happen."""
    form = dice.choice(FORMS[platform])
    for kind, drawn in (("n", "0123456789"), ("a", LETTERS), ("l", "abcdefghijklmnopqrstuvwxyz"),
                        ("u", "ABCDEFGHIJKLMNOPQRSTUVWXYZ")):  # fmt: skip
        for length in range(28, 0, -1):
            while f"{{{kind}{length}}}" in form:
                text = dice.choice(drawn.strip("0")) + "".join(
                    dice.choice(drawn) for _ in range(length - 1)
                )
                form = form.replace(f"{{{kind}{length}}}", text, 1)
    return form
