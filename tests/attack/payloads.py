"""Twenty-five texts that want to become program. Each that runs adds one to `window.__x`."""

from __future__ import annotations

RUN = "window.__x++"
LONGEST = 120
"""Characters of a title; shorter fields take what fits."""
PAYLOADS = (
    f"<script>{RUN}</script>",
    f"</script><script>{RUN}</script>",
    f"</textarea></title></style><script>{RUN}</script>",
    f"<ScRiPt>{RUN}</sCrIpT>",
    f"<scr<script>ipt>{RUN}</scr</script>ipt>",
    f"<img src=x onerror={RUN}>",
    f'"><img src=x onerror="{RUN}">',
    f"' autofocus onfocus='{RUN}",
    f'" onmouseover="{RUN}" style="position:fixed;inset:0',
    f"<svg onload={RUN}>",
    f"<svg><animate onbegin={RUN} attributeName=x dur=1s>",
    f"<svg><script>{RUN}</script></svg>",
    f"<math><mtext><table><mglyph><style><img src=x onerror={RUN}>",
    f"<details open ontoggle={RUN}>",
    f"<iframe srcdoc='<script>parent.{RUN}</script>'></iframe>",
    f"<a href='javascript:{RUN}' id=x>x</a>",
    f"javascript:{RUN}",
    f"<form action='javascript:{RUN}'><button autofocus>",
    f"{{{{constructor.constructor('{RUN}')()}}}}",
    f"${{{RUN}}}`+({RUN})+`",
    f"&lt;img src=x onerror={RUN}&gt;&#60;script&#62;{RUN}",
    f"＜script＞{RUN}＜/script＞\u2028\u202e<img src=x onerror={RUN}>",
    f"<style>@import 'javascript:{RUN}';*{{background:url(\"javascript:{RUN}\")}}</style>",
    f"<div class=leaflet-popup-content><b onclick={RUN}>x</b><img src=x onerror={RUN}></div>",
    f"<base href='//evil.invalid/'><link rel=stylesheet href=x onerror={RUN}><meta http-equiv=refresh content=0>",
)
