import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mintToken } from '../../server/access/secret.ts';
import { entry } from '../support/letIn.ts';
import { pdf } from '../support/files.ts';
import { startOldBrowser, type OldPage } from '../support/oldBrowser.ts';
import { BATCH, freshDataDir, startServer, type RunningServer } from '../support/server.ts';

/**
 * Issue 16, points 30 and 35: pages in real Chromiums of 2019 to 2022, as the browsers of offices are built on them: the oldest
 * and the newest, `npm run test:drills` those between them, too.
 */
const LONG = process.env['FAULTS'] === 'long';

const TOWN = '330110010';
const dataDir = freshDataDir();
const [admin, source] = [mintToken(), mintToken()];
let server: RunningServer;

const raised = (n: number) => ({
  specversion: '1.0',
  id: `old-${n}`,
  source: 'urn:test:old',
  type: 'wage.alert.raised',
  time: new Date(Date.now() - n * 60_000).toISOString(),
  data: {
    alertId: `OLD-${n}`,
    region: '330110',
    town: TOWN,
    tier: n === 1 ? 'red' : 'yellow',
    industry: 'E',
    channel: 'wage-account',
    enterprise: { name: `某旧浏览器${n}公司` },
    workers: n,
    amountFen: n * 100_00,
  },
});
const api = (path: string, body?: object) =>
  fetch(`${server.url}${path}`, {
    ...(body ? { method: 'POST', body: JSON.stringify(body) } : {}),
    headers: { authorization: `Bearer ${admin}`, 'content-type': 'application/json' },
  });

beforeAll(async () => {
  const file = join(dataDir, 'access.json');
  writeFileSync(
    file,
    JSON.stringify({
      tokens: [
        entry('admin', admin, { role: 'admin', scope: '330110' }),
        entry('source', source, { role: 'ingest', scope: '330110' }),
      ],
    }),
  );
  server = await startServer({ DATA_DIR: dataDir, ACCESS_FILE: file });
  const sent = await fetch(`${server.url}/api/v1/events`, {
    method: 'POST',
    body: JSON.stringify(Array.from({ length: 23 }, (_, i) => raised(i + 1))),
    headers: { authorization: `Bearer ${source}`, 'content-type': BATCH },
  });
  expect(sent.status).toBe(202);
});
afterAll(async () => {
  await server.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

/** Signs in by a token, as a person does on the page. */
async function signIn(page: OldPage): Promise<void> {
  await page.open(`${server.url}/login?next=/wall`);
  await page.until('the form is there', "document.querySelector('#token, details summary')");
  await page.read(`(() => {
    for (const details of document.querySelectorAll('details')) details.open = true;
  })()`);
  await page.until('a token can be given', "document.querySelector('#token')");
  await page.read(`(() => {
    const field = document.querySelector('#token');
    field.value = ${JSON.stringify(admin)};
    field.dispatchEvent(new Event('input'));
    field.form.dispatchEvent(new Event('submit', { cancelable: true }));
  })()`);
  await page.until('it is signed in', "document.cookie !== undefined && !document.querySelector('#token')");
}
/** The text of the first element that a selector finds, as an expression that Chromium 78 understands. */
const text = (selector: string) => `(document.querySelector('${selector}') || document.createElement('p')).innerText`;
const isLive = 'document.querySelector(\'[data-health="live"]\')';

describe('in Chromium 78', () => {
  let page: OldPage;
  beforeAll(async () => {
    page = await startOldBrowser(78);
    await signIn(page);
  });
  afterAll(() => page.close());

  it('the wall is live, with figures, charts and the plain map', async () => {
    await page.open(`${server.url}/wall?window=all`);
    await page.until('the wall is live', isLive);
    await page.until('the headline has its figure', `${text('.headlines')}.includes('23')`);
    await page.until('towns are drawn', "document.querySelectorAll('svg.ground path').length > 20");
    await page.until('charts are drawn', "document.querySelector('.chart-box canvas, .chart-box svg')");
    // Rows that are buttons are laid out as rows: the figure of a town stands beside its name, not below it.
    const middles = await page.read<number[]>(
      '[...document.querySelector(\'[data-slot="towns"] .press\').children].slice(0, 3).map((e) => { const { top, bottom } = e.getBoundingClientRect(); return (top + bottom) / 2; })',
    );
    expect(Math.max(...middles) - Math.min(...middles)).toBeLessThan(8);
    expect(page.errors).toEqual([]);
  });

  it('a row opens the list by keyboard, and a row of that the alert', async () => {
    await page.read('document.querySelector(\'[data-headline="open"] .tier\').focus()');
    await page.read(
      "document.activeElement.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true, cancelable: true }))",
    );
    await page.until('the list shows the red alert', `${text('.layer')}.includes('某旧浏览器1公司')`);
    await page.open(`${server.url}/wall/alerts?figure=open`);
    await page.until('all are there', `${text('.layer .total')} === '23'`);
    await page.open(`${server.url}/wall/alerts/OLD-1`);
    await page.until('the alert is there', `${text('.layer')}.includes('某旧浏览器1公司')`);
    expect(page.errors).toEqual([]);
  });

  it('the kiosk is live', async () => {
    await page.open(`${server.url}/kiosk/${TOWN}`);
    await page.until('the kiosk is live', isLive);
    await page.until('it lists alerts', "document.body.innerText.includes('某旧浏览器')");
    expect(page.errors).toEqual([]);
  });

  it('the desk: a case is chosen, dispatched by the form in its place, and noted', async () => {
    const press = (selector: string) => page.read(`document.querySelector(${JSON.stringify(selector)}).click()`);
    const type = (selector: string, value: string) =>
      page.read(`(() => {
        const field = document.querySelector(${JSON.stringify(selector)});
        field.value = ${JSON.stringify(value)};
        field.dispatchEvent(new Event('input', { bubbles: true }));
        field.dispatchEvent(new Event('change', { bubbles: true }));
      })()`);
    await page.open(`${server.url}/desk/mine?lang=zh-CN`);
    // Rows are there before they are seen, with the heads of their groups.
    const row = 'document.querySelector(\'[data-case="OLD-23"]\')';
    await page.until('it lists the cases', `${row} && ${row}.getClientRects().length > 0`);
    // List and case stand beside one another, as they do elsewhere: grid, gaps and rows are those of the legacy build.
    const [list, window] = await page.read<[number, number]>(
      '[document.querySelector(\'[data-case="OLD-23"]\').getBoundingClientRect().width, innerWidth]',
    );
    expect(list).toBeGreaterThan(200);
    expect(list).toBeLessThan(window / 2);
    await press('[data-case="OLD-23"]');
    await page.until('the case is there', `${text('article, main')}.includes('某旧浏览器23公司')`);
    await page.until('its next step is offered', "document.querySelector('[data-next]')");
    await press('[data-next]');
    await page.until('the form is there', "document.querySelector('#field-unit')");
    await type(
      '#field-unit',
      await page.read<string>("[...document.querySelectorAll('#field-unit option')].pop().value"),
    );
    await press('form.acting button[type=submit]');
    const stage = async () =>
      ((await (await api('/api/v1/alerts/OLD-23?scope=330110')).json()) as { stage: string }).stage;
    await page.until('it is done', "document.querySelector('.thanks')");
    expect(await stage()).toBe('dispatched');
    await press('[data-deed="note"]');
    await page.until('a note can be written', "document.querySelector('#field-text')");
    await type('#field-text', '旧浏览器上记录');
    // With a file, uploaded and shown.
    await page.read(`(() => {
      const data = new DataTransfer();
      data.items.add(new File([${JSON.stringify(pdf().toString('latin1'))}], '旧浏览器.pdf'));
      const input = document.querySelector('form.acting input[multiple]');
      input.files = data.files;
      input.dispatchEvent(new Event('change'));
    })()`);
    await page.until('the file is uploaded', 'document.querySelector(\'[data-upload="done"]\')');
    await press('form.acting button[type=submit]');
    await page.until('it stands in the time line', "document.body.innerText.includes('旧浏览器上记录')");
    await page.until('its file can be downloaded', "document.querySelector('.story [data-file] a[download]')");
    expect(page.errors).toEqual([]);
  });

  it('a clue is reported: the map chooses the place, and it is received', async () => {
    const type = (selector: string, value: string) =>
      page.read(`(() => {
        const field = document.querySelector(${JSON.stringify(selector)});
        field.value = ${JSON.stringify(value)};
        field.dispatchEvent(new Event('input', { bubbles: true }));
      })()`);
    await page.open(`${server.url}/desk/report?lang=zh-CN`);
    await page.until('the form is there', "document.querySelector('#clue-employer')");
    await type('#clue-employer', '某旧浏览器面馆');
    await type('#clue-text', '员工来访，称两个月未发工资');
    await page.read("document.querySelector('[data-open-map]').click()");
    await page.until('towns are drawn', "document.querySelectorAll('[data-place-map] path.town').length > 10");
    await page.read(`(() => {
      const box = document.querySelector('[data-place-map] path.town').getBoundingClientRect();
      document.querySelector('[data-place-map]').dispatchEvent(
        new MouseEvent('click', { bubbles: true, clientX: (box.left + box.right) / 2, clientY: (box.top + box.bottom) / 2 }),
      );
    })()`);
    await page.until('a town is chosen', "document.querySelector('#clue-town').value.length === 9");
    await page.read("document.querySelector('[data-clue-send]').click()");
    await page.until('it is received', "document.querySelector('[data-clue-done]')");
    expect(page.errors).toEqual([]);
  });

  it('a display can be paired', async () => {
    const display = await startOldBrowser(78, 1366, 768);
    try {
      await display.open(`${server.url}/pair`);
      await display.until('it shows its letters', `/^[A-Z]{6}$/.test(${text('[data-code]')}.replace(/\\s/g, ''))`);
      const code = (await display.read<string>("document.querySelector('[data-code]').innerText")).replace(/\s/g, '');
      const answer = await api(`/api/v1/access/pairings/${code}`, { name: '旧屏', screen: 'kiosk', scope: TOWN });
      expect(answer.status).toBe(201);
      await display.until('it shows the kiosk', isLive);
      // A clerk's keypad: keys beside one another, and a number that is typed stands there.
      await display.until('a clerk may sign in', "document.querySelector('[data-clerk-begin]')");
      await display.read("document.querySelector('[data-clerk-begin]').click()");
      await display.until('the keys are there', "document.querySelectorAll('[data-key]').length === 11");
      await display.read(
        "['4', '0', '2', '7'].forEach((key) => document.querySelector(`[data-key=\"${key}\"]`).click())",
      );
      await display.until('the number stands there', `${text('[data-clerk-field="number"] output')} === '4027'`);
      const [first, second] = await display.read<[number, number]>(
        "['1', '2'].map((key) => document.querySelector(`[data-key=\"${key}\"]`).getBoundingClientRect().top)",
      );
      expect(first).toBe(second);
      expect(display.errors).toEqual([]);
    } finally {
      await display.close();
    }
  });
});

describe.each(LONG ? [80, 89, 103] : [103])('in Chromium %i', (version) => {
  it('wall and kiosk are live', async () => {
    const page = await startOldBrowser(version);
    try {
      await signIn(page);
      for (const path of ['/wall?window=all', `/kiosk/${TOWN}`]) {
        await page.open(server.url + path);
        await page.until(`${path} is live`, isLive);
        await page.until('there are figures', "document.body.innerText.includes('23')");
      }
      expect(page.errors).toEqual([]);
    } finally {
      await page.close();
    }
  });
});

describe('what a browser is sent', () => {
  const pageFor = async (userAgent: string) => {
    const answer = await fetch(`${server.url}/wall`, { headers: { 'user-agent': userAgent } });
    expect(answer.headers.get('vary')).toContain('User-Agent');
    return answer.text();
  };
  const chrome = (version: number) => pageFor(`Mozilla/5.0 (X11) Chrome/${version}.0.0.0 Safari/537.36`);

  it('is the modern build alone, the legacy build alone, or a plain page that says what to do', async () => {
    expect(await chrome(120)).not.toContain('/legacy/');
    const legacy = await chrome(78);
    expect(legacy).toContain('src="/legacy/assets/');
    expect(legacy).not.toContain('src="/assets/');
    for (const plain of [await chrome(60), await pageFor('Mozilla/5.0 (Trident/7.0; rv:11.0) like Gecko')]) {
      expect(plain).toContain('浏览器版本过低');
      expect(plain).toContain('too old');
      expect(plain).not.toContain('<script');
    }
    expect(await chrome(120)).toMatch(/<noscript>.*脚本.*scripts.*<\/noscript>/s);
  });
});
