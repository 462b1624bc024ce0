/** The only style sheet. It is part of the page, and the page's policy permits its hash. */
export const STYLE = `
:root{color-scheme:light dark;--ink:#1c2430;--soft:#566172;--line:#dfe4ea;--page:#fff;--card:#f7f8fa;--link:#0b5cad;
--get:#0b6b4f;--post:#0b5cad;--patch:#8a5a00;--put:#8a5a00;--delete:#a8261d}
@media (prefers-color-scheme:dark){:root{--ink:#e4e8ee;--soft:#9aa6b6;--line:#2d3643;--page:#12161c;--card:#1a2029;
--link:#7db8f5;--get:#62c9a4;--post:#7db8f5;--patch:#e0b25c;--put:#e0b25c;--delete:#f0857c}}
*{box-sizing:border-box}
html{scroll-padding-top:1rem}
body{margin:0;background:var(--page);color:var(--ink);font:16px/1.6 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif}
a{color:var(--link)}
a:focus-visible{outline:3px solid var(--link);outline-offset:2px;border-radius:3px}
code,.path{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;font-size:.9em}
.skip{position:absolute;left:-999rem}
.skip:focus{left:1rem;top:1rem;background:var(--page);padding:.5rem 1rem;z-index:1}
main{padding:1.5rem 2rem 6rem;max-width:54rem;margin:0 auto}
h1{overflow-wrap:anywhere;font-size:1.9rem;line-height:1.2;margin:.5rem 0}
h2{font-size:1.4rem;margin:3rem 0 1rem;padding-bottom:.3rem;border-bottom:1px solid var(--line)}
.method{display:inline-block;min-width:4.6em;font-weight:700;font-size:.85em;text-transform:uppercase}
.get{color:var(--get)}.post{color:var(--post)}.patch{color:var(--patch)}.put{color:var(--put)}.delete{color:var(--delete)}
.path{overflow-wrap:anywhere}
.scroll{overflow-x:auto}
table{border-collapse:collapse;width:100%;font-size:.92rem}
th,td{text-align:left;vertical-align:top;padding:.35rem .75rem .35rem 0;border-bottom:1px solid var(--line)}
th{font-weight:600;color:var(--soft)}
td:first-child{white-space:nowrap}
li a{text-decoration:none}li .path{text-decoration:underline}
@media (max-width:40rem){main{padding:1rem 1rem 4rem}}
`;
