import { toRfc3339 } from '../../common/regionTime.ts';
import { nextStep, type HeldCase } from './caseBook.ts';
import { WORDS } from './words.ts';

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
const text = (value: string) => value.replace(/[&<>"']/g, (letter) => ENTITIES[letter]!);

const STYLE = `
body{margin:0;background:#0d1a2b;color:#e8eef7;font:16px/1.6 "Noto Sans CJK SC","Microsoft YaHei",sans-serif}
main{max-width:1080px;margin:0 auto;padding:24px}
h1{margin:0;font-size:26px;font-weight:600} h2{margin:32px 0 8px;font-size:20px;font-weight:600} p{color:#a9bad0}
a{color:#7fc4ff} header{display:flex;justify-content:space-between;align-items:baseline}
table{width:100%;border-collapse:collapse} th,td{padding:10px 12px;text-align:left;border-bottom:1px solid #27405f}
th{color:#a9bad0;font-weight:500} td.id{font-variant-numeric:tabular-nums}
button{min-height:44px;padding:0 18px;border:1px solid #7fc4ff;border-radius:3px;background:none;color:#e8eef7;font:inherit;cursor:pointer}
button:hover,button:focus-visible{background:#7fc4ff;color:#0d1a2b}
form{margin:0} .wrong{padding:10px 14px;background:#e8eef7;color:#0d1a2b;border-radius:3px}`;

/** What a gateway for messages is sent, in the shape that a connector has by default. */
export interface GatewayMessage {
  to: string;
  text: string;
}

export interface PageParts {
  lang: keyof typeof WORDS;
  cases: readonly HeldCase[];
  messages: readonly GatewayMessage[];
  refused: number;
  problem?: string | undefined;
}

/** The page of the reference platform: what was dispatched to it, newest first, with what may be done about it. */
export function platformPage({ lang, cases, messages, refused, problem }: PageParts): string {
  const w = WORDS[lang];
  const other = lang === 'en' ? 'zh-CN' : 'en';
  const button = (held: HeldCase) => {
    const step = nextStep(held);
    const action = step === 'accepted' ? 'accept' : 'handle';
    return step
      ? `<form method="post" action="/alerts/${encodeURIComponent(held.alertId)}/${action}?lang=${lang}"><button>${w[action]}</button></form>`
      : '';
  };
  const rows = [...cases]
    .reverse()
    .map(
      (held) =>
        `<tr><td class="id">${text(held.alertId)}</td><td>${text(held.employer)}</td><td>${text(held.unit)}</td><td>${w.states[held.state]}</td><td>${toRfc3339(held.received).slice(0, 19).replace('T', ' ')}</td><td>${button(held)}</td></tr>`,
    )
    .join('');
  const table = `<table><thead><tr>${[w.alert, w.employer, w.unit, w.state, w.received, '']
    .map((name) => `<th scope="col">${name}</th>`)
    .join('')}</tr></thead><tbody>${rows}</tbody></table>`;
  const told = [...messages]
    .reverse()
    .map((one) => `<tr><td class="id">${text(one.to)}</td><td>${text(one.text)}</td></tr>`)
    .join('');
  const people = `<h2>${w.messages}</h2><table><thead><tr><th scope="col">${w.to}</th><th scope="col">${w.text}</th></tr></thead><tbody>${told}</tbody></table>`;
  return `<!doctype html><html lang="${lang}"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta http-equiv="refresh" content="5;url=/?lang=${lang}"><title>${w.title}</title><style>${STYLE}</style>
<main><header><h1>${w.title}</h1><a href="/?lang=${other}">${w.other}</a></header><p>${w.lead}</p>
${problem === undefined ? '' : `<p class="wrong" role="alert">${w.problem}: ${text(problem)}</p>`}
${refused ? `<p class="wrong">${w.refused}: ${refused}</p>` : ''}${cases.length ? table : `<p>${w.none}</p>`}${messages.length ? people : ''}</main></html>`;
}
