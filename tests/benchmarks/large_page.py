"""A page as large as the budget speaks of: 5,000 elements, 200 of them images of many sorts, no script."""

from collections.abc import Iterator
from itertools import cycle, islice

ELEMENTS = 5000
IMAGES = 200

# Each a sort of image; {n} makes an address of its own of one that shows the same picture as others.
_IMAGES = (
    '<img src="/made/{picture}.png?{n}" width="180" height="90">',
    '<img src="/made/{picture}.png?{n}" width="180" height="90">',
    '<img src="/made/{picture}.png?{n}" loading="lazy" width="180" height="90">',
    '<a href="/shop/{n}"><img src="/made/{picture}.png?{n}" width="180" height="90"></a>',
    '<figure><img src="/made/{picture}.png?{n}" width="180"><figcaption>{n}</figcaption></figure>',
    '<img src="/made/{picture}.png?{n}" alt="Piece {n}" width="180" height="90">',
    '<img src="/made/{picture}.png?{n}" alt="" width="180" height="90">',
    '<a href="/shop/{n}"><img src="/made/{picture}.png?{n}" width="40" height="40"> To piece {n}</a>',
    '<button><svg width="24" height="24" viewBox="0 0 24 24"><path d="M3 3h18v18z"/></svg></button>',
    '<a href="#"><i style="display: inline-block; width: 24px; height: 24px"></i></a>',
)
_PICTURES = ("harvest", "ferry", "library", "museum")

# What stands between the images: markup and how many elements it is, per card.
_CARD = """<section class="card"><header><h3><a href="/shop/{n}">Piece <b>{n}</b></a></h3></header>
<ul><li><span>Small</span></li><li><span>Blue</span></li><li><span>By <em>somebody</em></span></li></ul>
<div><div><div><p>In stock <span>today</span></p></div></div></div>
<p><button class="buy">Buy</button> <a href="/shop/{n}#more">More about piece {n}</a></p>{image}</section>"""

_HEAD = """<!doctype html><html lang="en"><meta charset="utf-8"><title>A large page</title><style>
  main { display: grid; grid-template-columns: repeat(4, 1fr); gap: 8px }
  .card { border: 1px solid #ccc; padding: 8px } h3 { font-size: 14px } li > span { color: #333 }
</style><main>"""


def large_page() -> str:
    """Return its markup; about as high as 30 screens."""
    kinds = cycle(_IMAGES)
    pictures = cycle(_PICTURES)
    images = (next(kinds).format(n=n, picture=next(pictures)) for n in range(IMAGES))
    cards = [_CARD.format(n=n, image=image) for n, image in enumerate(images)]
    page = _HEAD + "".join(cards)
    return page + "".join(islice(_filling(), ELEMENTS - page.count("<") + page.count("</")))


def _filling() -> Iterator[str]:
    return cycle(["<p>And more to read.</p>"])
