/** The only style sheet. It is part of the page, and the page's policy permits its hash. */
export const STYLE = `
:root{color-scheme:light dark;--ink:#1c2430;--soft:#566172;--line:#dfe4ea;--page:#fff;--card:#f7f8fa;--link:#0b5cad;
--get:#0b6b4f;--post:#0b5cad;--patch:#8a5a00;--put:#8a5a00;--delete:#a8261d;--warn:#8a5a00}
@media (prefers-color-scheme:dark){:root{--ink:#e4e8ee;--soft:#9aa6b6;--line:#2d3643;--page:#12161c;--card:#1a2029;
--link:#7db8f5;--get:#62c9a4;--post:#7db8f5;--patch:#e0b25c;--put:#e0b25c;--delete:#f0857c;--warn:#e0b25c}}
*{box-sizing:border-box}
html{scroll-padding-top:1rem}
body{margin:0;background:var(--page);color:var(--ink);font:16px/1.6 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif}
a{color:var(--link)}
a:focus-visible,summary:focus-visible{outline:3px solid var(--link);outline-offset:2px;border-radius:3px}
code,pre,.path{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;font-size:.9em}
.skip{position:absolute;left:-999rem}
.skip:focus{left:1rem;top:1rem;background:var(--page);padding:.5rem 1rem;z-index:1}
.frame{display:grid;grid-template-columns:18rem minmax(0,1fr);max-width:80rem;margin:0 auto}
.frame>nav{position:sticky;top:0;align-self:start;max-height:100vh;overflow-y:auto;padding:1.5rem 1rem;border-right:1px solid var(--line);font-size:.9rem}
nav ul{list-style:none;margin:.25rem 0 1rem;padding:0}
nav li a{display:block;padding:.15rem .4rem;border-radius:4px;text-decoration:none;color:var(--soft)}
nav li a:hover{background:var(--card);color:var(--ink)}
nav summary{font-weight:600;cursor:pointer;padding:.15rem 0}
main{padding:1.5rem 2rem 6rem;max-width:54rem}
main.alone{margin:0 auto}
h1{font-size:1.9rem;line-height:1.2;margin:.5rem 0}
h2{font-size:1.4rem;margin:3rem 0 1rem;padding-bottom:.3rem;border-bottom:1px solid var(--line)}
h3{font-size:1.05rem;margin:0 0 .25rem;overflow-wrap:anywhere}
h4{font-size:.8rem;margin:1.25rem 0 .4rem;color:var(--soft);text-transform:uppercase;letter-spacing:.05em}
article{border:1px solid var(--line);border-radius:8px;padding:1rem 1.25rem;margin:0 0 1.25rem}
article:target{border-color:var(--link);box-shadow:0 0 0 1px var(--link)}
article>p{margin:.4rem 0}
.method{display:inline-block;min-width:4.6em;font-weight:700;font-size:.85em;text-transform:uppercase}
.get{color:var(--get)}.post{color:var(--post)}.patch{color:var(--patch)}.put{color:var(--put)}.delete{color:var(--delete)}
.path{overflow-wrap:anywhere}
.soft{color:var(--soft)}
.warn{color:var(--warn);font-weight:600}
.scroll{overflow-x:auto}
table{border-collapse:collapse;width:100%;font-size:.92rem}
th,td{text-align:left;vertical-align:top;padding:.35rem .75rem .35rem 0;border-bottom:1px solid var(--line)}
th{font-weight:600;color:var(--soft)}
td:first-child{white-space:nowrap}
pre{background:var(--card);border:1px solid var(--line);border-radius:6px;padding:.75rem 1rem;overflow-x:auto;line-height:1.45;margin:.5rem 0}
details{margin:.5rem 0}
details>summary{cursor:pointer}
dl.facts{display:flex;flex-wrap:wrap;gap:.25rem 1.5rem;margin:.5rem 0;font-size:.9rem}
dl.facts div{display:flex;gap:.4rem}
dl.facts dt{color:var(--soft)}
dl.facts dd{margin:0}
@media (max-width:60rem){.frame{display:block}.frame>nav{position:static;max-height:none;border-right:0;border-bottom:1px solid var(--line)}main{padding:1rem}}
@media print{.frame{display:block}.frame>nav{display:none}article{break-inside:avoid}}
`;
