import { Html } from './html.js';

/** The page's looks: light and dark, narrow and wide, on paper. The colours are those of Okabe and Ito; each also has a pattern or a word. */
export const STYLE = new Html(`<style>
:root{color-scheme:light dark;--paper:#fff;--ink:#1b1b1b;--soft:#5c5c5c;--rule:#d8d8d8;--field:#f5f5f3;--line:#0072b2;--good:#007a59;--bad:#c04f00;--ask:#8a5f00;
--b-deploy:#56b4e9;--b-soak:#a9d8f4;--b-care:#7fcfb6;--b-back:#e69f00;--b-other:#d5d5d0;--b-ask:#f0e442;--b-clock:#d55e00;--on:#1b1b1b;--hatch:#8a8a8a}
@media (prefers-color-scheme:dark){:root{--paper:#16181a;--ink:#ececea;--soft:#a9a9a6;--rule:#3b3e41;--field:#202326;--line:#56b4e9;--good:#3fc79f;--bad:#ff8a3d;--ask:#e8b53a;
--b-deploy:#2a7fb0;--b-soak:#24536c;--b-care:#1d6b54;--b-back:#b57d00;--b-other:#45484b;--b-ask:#9c9420;--b-clock:#d55e00;--on:#f4f4f2;--hatch:#8d9094}}
*{box-sizing:border-box}
body{margin:0;background:var(--paper);color:var(--ink);font:15px/1.45 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif;-webkit-text-size-adjust:100%}
main{max-width:68rem;margin:0 auto;padding:1rem}
h1{font-size:1.6rem;line-height:1.2;margin:.1rem 0 .4rem}h2{font-size:1.15rem;margin:2rem 0 .6rem;border-bottom:1px solid var(--rule);padding-bottom:.2rem}h3{font-size:1rem;margin:1.2rem 0 .3rem}
p{margin:.3rem 0}.soft,figcaption span,.x,.y,caption,dt,th{color:var(--soft)}.small{font-size:.87rem}
a{color:var(--line)}code,pre{font:.86em/1.4 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;overflow-wrap:anywhere}
td,li,dd,bdi,p,summary,figcaption{unicode-bidi:isolate;overflow-wrap:anywhere}
.verdict{border-left:.5rem solid var(--soft);background:var(--field);padding:.8rem 1rem;border-radius:.2rem}
.verdict.good{border-color:var(--good)}.verdict.bad{border-color:var(--bad)}.verdict.back{border-color:var(--b-back)}.verdict.open{border-color:var(--line)}
.cause{font-size:1.05rem}dl{display:grid;grid-template-columns:max-content 1fr;gap:.15rem 1rem;margin:.7rem 0 0}dd{margin:0}
.fault{border:1px solid var(--ask);border-left-width:.5rem;padding:.5rem .8rem;margin:.8rem 0}.fault ul{margin:.2rem 0;padding-left:1.2rem}
table{border-collapse:collapse;width:100%;margin:.4rem 0}th{font-weight:normal;text-align:left;font-size:.87rem}th,td{padding:.22rem .7rem .22rem 0;vertical-align:top;border-bottom:1px solid var(--rule)}
td{overflow-wrap:break-word}td:last-child,code{overflow-wrap:anywhere}td:first-child{white-space:nowrap}.legend>span{white-space:nowrap;display:inline-block}.bad-word{color:var(--bad);font-weight:600}.good-word{color:var(--good)}.ask-word{color:var(--ask);font-weight:600}
details{margin:.3rem 0}summary{cursor:pointer}pre{background:var(--field);padding:.5rem .7rem;margin:.3rem 0;white-space:pre-wrap;max-height:30rem;overflow:auto}
figure{margin:1.1rem 0 1.6rem}figcaption{margin-bottom:.3rem}figcaption b{margin-right:.4rem}
.plot{display:grid;grid-template-columns:4.2rem minmax(0,1fr);column-gap:.4rem}
.y{position:relative;font-size:.75rem}.y span{position:absolute;right:0;transform:translateY(-50%);white-space:nowrap}
.area{position:relative;height:9rem;background:var(--field)}.area svg{position:absolute;inset:0;width:100%;height:100%;overflow:visible}
figcaption .limit{font-size:.82rem;white-space:nowrap;margin-left:.6rem;display:inline-block}
figcaption .limit.guardrail{color:var(--good)}figcaption .limit.trigger{color:var(--bad)}
.grid{stroke:var(--rule)}.stage{stroke:var(--soft);stroke-dasharray:1 3}.value{stroke:var(--line);stroke-width:1.6;fill:none}.dot{stroke:var(--bad);stroke-width:6;stroke-linecap:round;fill:none}.lone{stroke:var(--line);stroke-width:4;stroke-linecap:round;fill:none}
.guard{stroke:var(--good);stroke-width:1.5;stroke-dasharray:8 4}.trig{stroke:var(--bad);stroke-width:1.5;stroke-dasharray:2 3}svg *{vector-effect:non-scaling-stroke}
.fired{position:absolute;top:0;bottom:0;width:0;border-left:2px solid var(--bad);z-index:2}.fired span{position:absolute;top:0;left:.25rem;font-size:.75rem;line-height:1.2;white-space:nowrap;color:var(--bad);background:var(--paper);padding:0 .2rem;font-weight:600}.fired.late span{left:auto;right:.25rem}
.band,.strip{position:relative;overflow:hidden}.band{height:1.35rem;background:var(--field)}.strip{height:.8rem;margin-top:2px;background:var(--field)}.strip.tall{height:1.4rem}
.bit{position:absolute;top:0;bottom:0;min-width:2px;border-left:1px solid var(--paper);font-size:.75rem;line-height:1.35rem;padding:0 .2rem;white-space:nowrap;overflow:hidden;text-overflow:ellipsis;color:var(--on);background:var(--b-other)}
.bit.thin{padding:0}.deploying{background:var(--b-deploy)}.soaking{background:var(--b-soak)}.hypercare{background:var(--b-care)}.rolling-back,.stopping{background:var(--b-back)}.asked{background:var(--b-ask)}
.failing,.clock{background:var(--b-clock)}.clock.cleared{background:repeating-linear-gradient(135deg,var(--b-clock) 0 4px,transparent 4px 8px)}.strip .clean{background:var(--b-care)}.strip .bit{border:0}
.clock.unseen{background:repeating-linear-gradient(90deg,var(--b-clock) 0 3px,transparent 3px 6px)}.blind{background:repeating-linear-gradient(45deg,var(--hatch) 0 2px,transparent 2px 6px)}.idle{background:repeating-linear-gradient(90deg,var(--hatch) 0 1px,transparent 1px 5px)}.command.failed{background:var(--b-clock)}.command{background:var(--b-deploy)}
.x{position:relative;height:1.2rem;font-size:.75rem;grid-column:2}.x span{position:absolute;transform:translateX(-50%);white-space:nowrap}.x span.first{transform:none}.x span.last{transform:translateX(-100%)}
.picture .plot{grid-template-columns:9.5rem minmax(0,1fr);row-gap:3px;position:relative}.picture .name{font-size:.82rem;line-height:1.35rem;text-align:right;color:var(--soft);overflow-wrap:anywhere}
.picture .over{grid-column:2;grid-row:1/span 60;position:relative;pointer-events:none}.legend{font-size:.82rem;color:var(--soft)}.key{display:inline-block;position:static;width:1.2rem;height:.75rem;vertical-align:-.05rem;margin:0 .3rem 0 .8rem;border:0}
@media (max-width:640px){body{font-size:16px}main{padding:.7rem}.x span:nth-child(even){display:none}.plot{grid-template-columns:3.4rem minmax(0,1fr)}.picture .plot{grid-template-columns:minmax(0,1fr)}.picture .name{text-align:left;line-height:1.1;margin-top:.3rem}.picture .x,.picture .over{grid-column:1}dl{grid-template-columns:1fr}dd{margin-bottom:.35rem}
table,tbody,tr,td{display:block}thead,tr.head{display:none}tr{border-bottom:1px solid var(--rule);padding:.3rem 0}td,td:first-child{border:0;padding:.05rem 0;white-space:normal;overflow-wrap:anywhere}td:not(:last-child){display:inline;margin-right:.6rem}}
@media print{:root{--paper:#fff;--ink:#000;--soft:#444;--rule:#bbb;--field:#f6f6f4;--line:#0072b2;--good:#00684c;--bad:#a84400;--ask:#6e4c00;--b-deploy:#56b4e9;--b-soak:#a9d8f4;--b-care:#7fcfb6;--b-back:#e69f00;--b-other:#d5d5d0;--b-ask:#f0e442;--on:#000;--hatch:#777}
*{-webkit-print-color-adjust:exact;print-color-adjust:exact}body{font-size:10.5pt}main{max-width:none;padding:0}figure,tr,.verdict,.fault{break-inside:avoid}h2,h3{break-after:avoid}pre{max-height:none}a{color:inherit}@page{margin:14mm}details::details-content{content-visibility:visible;display:block;height:auto}}
</style>`);
