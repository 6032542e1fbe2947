import fc from 'fast-check';
import { latLngToCell } from 'h3-js';
import { describe, expect, it } from 'vitest';
import { DAY_MS } from '../../../common/regionTime.ts';
import type { SubjectKey } from '../../../common/subjectKey.ts';
import type { Finding } from '../../../server/signals/engine/subject.ts';
import { FeedRows, UNCHANGED, type SubjectRow } from '../../../server/signals/engine/feedRows.ts';
import { encodeSubjectChange, type SubjectChange } from '../../../server/signals/engine/subjectChange.ts';
import { sourceName } from '../../../server/signals/engine/sourceBook.ts';
import { SourceBook } from '../../../server/signals/engine/sourceBook.ts';
import { Words } from '../../../server/signals/engine/words.ts';
import { channelRecords, monitorOf, sourceState } from '../../../server/signals/subjects/monitor.ts';
import { SubjectBook } from '../../../server/signals/subjects/subjectBook.ts';
import { heatOf } from '../../../server/signals/subjects/subjectHeat.ts';
import type { SubjectItem, SubjectQuery } from '../../../server/signals/subjects/query.ts';
import { NOW } from './engineEvents.ts';
import { DAY } from './support.ts';

const found = (score: number, more: Partial<Finding> = {}): Finding => ({
  version: 'test.1',
  score,
  tier: undefined,
  rule: undefined,
  watch: score >= 20,
  workers: 0,
  amountFen: 0,
  months: 0,
  channels: [],
  indicators: [],
  changedAt: NOW,
  unplaced: false,
  ...more,
});
function row(n: number, key: SubjectKey, name: string, finding?: Finding, more: Partial<SubjectRow> = {}): SubjectRow {
  const project = key.startsWith('P:') ? { id: key.slice(2), name } : undefined;
  return {
    key,
    n,
    shown: true,
    registration: {
      time: NOW,
      source: 's',
      id: 'i',
      name: project ? '某总包' : name,
      project,
      town: n % 2 ? '330110001' : '330110002',
      industry: 'C',
      active: true,
    },
    found: finding,
    ...more,
  };
}
const ALL: Pick<SubjectQuery, 'sort' | 'limit'> = { sort: 'score', limit: 50 };
const keysOf = (book: SubjectBook, query: Partial<SubjectQuery> = {}) =>
  book.page({ ...ALL, ...query }).items.map(({ key }) => key);

const KEYS = ['U:0', 'U:1', 'U:2', 'U:3', 'P:p1'] as const;

/** What lists say of one row after the other, put together by hand. */
class Told {
  private readonly known = new Map<string, Exclude<SubjectRow['registration'], 1>>();
  private readonly registered = new Set<string>();
  private readonly shown = new Map<string, SubjectItem>();

  put({ key, shown, registration, found: one }: SubjectRow): void {
    if (!shown) {
      this.shown.delete(key);
      this.registered.delete(key);
      return;
    }
    if (registration !== UNCHANGED) {
      this.known.set(key, registration);
      if (registration) this.registered.add(key);
      else this.registered.delete(key);
    }
    const of = this.known.get(key);
    const says = one && (one.score > 0 || one.tier !== undefined || one.indicators.length > 0);
    const project = key.startsWith('P:');
    this.shown.set(key, {
      key,
      kind: project ? 'project' : 'enterprise',
      name: (project ? of?.project?.name : of?.name) ?? key.slice(2),
      contractor: project ? '某总包' : undefined,
      town: of?.town,
      industry: of?.industry,
      location: of?.location,
      registered: this.registered.has(key),
      active: this.registered.has(key) && of!.active,
      score: one?.score ?? 0,
      tier: one?.tier,
      rule: says ? one.rule : undefined,
      watch: one?.watch ?? false,
      workers: one?.workers ?? 0,
      amountFen: says ? one.amountFen : 0,
      months: says ? one.months : 0,
      channels: says ? one.channels : [],
      indicators: says ? one.indicators : [],
      changedAt: one?.changedAt ?? 0,
      unplaced: one?.unplaced ?? false,
    });
  }

  get(key: string): SubjectItem | undefined {
    return this.shown.get(key);
  }
}

/** As an entry of the feed, with the words that are new. */
function encoded(change: SubjectChange, words: Words): string {
  const rows = new FeedRows();
  for (const one of change.rows) rows.add(one, words);
  return encodeSubjectChange(rows, change, words.takeNew());
}

describe('subjects in a serving process', () => {
  const book = new SubjectBook();
  const rows = [
    row(
      0,
      'U:A',
      '某纺织有限公司',
      found(30, { tier: 'red', workers: 5, channels: [['water', 30]], indicators: [['water.due', 30]] }),
    ),
    row(1, 'U:B', '某 Mill 厂', found(0)),
    row(
      2,
      'P:p1',
      '某工地',
      found(20, { workers: 9, channels: [['petition', 20]], indicators: [['petition.received', 20]] }),
    ),
    row(3, 'N:某店', '某店', found(30, { unplaced: true, tier: 'yellow' }), { registration: undefined }),
    row(4, 'N:某纺织有限公司', '某纺织有限公司', undefined, { shown: false }),
    row(5, 'U:C', '某停业', found(5), {}),
  ];
  Object.assign(rows[5]!.registration!, { active: false });
  for (const one of rows) book.put(one);

  it('are suggested by a part of the name where they are registered and active employers, and no others', () => {
    const register = new SubjectBook();
    const names = ['某建筑有限公司', '某某建筑', '建筑劳务某', '某建筑', 'ACME 建筑'];
    names.forEach((name, i) => register.put(row(i, `U:${i}`, name)));
    // Twice in the register by two numbers: told once.
    register.put(row(11, 'U:11', '某某建筑'));
    // Known by an alert alone, ceased, or no employer.
    register.put(row(7, 'N:秘密建筑', '秘密建筑', found(30), { registration: undefined }));
    const ceased = row(8, 'U:8', '停业建筑');
    Object.assign(ceased.registration!, { active: false });
    register.put(ceased);
    register.put(row(9, 'P:p9', '建筑工地'));
    register.put(row(10, 'U:10', '不示建筑', undefined, { shown: false }));
    const suggest = (text: string, town?: string, most = 10) => register.suggest(text, town, most);
    expect(suggest('建筑').map(({ name }) => name)).toEqual([
      '建筑劳务某',
      '某建筑',
      '某某建筑',
      'ACME 建筑',
      '某建筑有限公司',
    ]);
    expect(suggest('建筑', '330110001')).toEqual([
      { name: '某建筑', town: '330110001' },
      { name: '某某建筑', town: '330110001' },
    ]);
    expect(suggest('建筑', undefined, 2).map(({ name }) => name)).toEqual(['建筑劳务某', '某建筑']);
    expect(suggest('acme建').map(({ name }) => name)).toEqual(['ACME 建筑']);
    expect(suggest('没有')).toEqual([]);
    expect(suggest('建筑', '330110009')).toEqual([]);
  });

  it('are listed by score, workers or change, the greatest first and of equals by key, in pages with a total', () => {
    expect(keysOf(book)).toEqual(['N:某店', 'U:A', 'P:p1', 'U:C', 'U:B']);
    expect(keysOf(book, { sort: 'workers' }).slice(0, 2)).toEqual(['P:p1', 'U:A']);
    const first = book.page({ ...ALL, limit: 2 });
    expect(first).toMatchObject({ total: 5, next: { value: 30, key: 'U:A' } });
    const second = book.page({ ...ALL, limit: 2, after: first.next });
    expect(second.items.map(({ key }) => key)).toEqual(['P:p1', 'U:C']);
    expect(book.page({ ...ALL, limit: 2, after: second.next })).toMatchObject({ total: 5, items: [{ key: 'U:B' }] });
  });

  it('a row that leaves the registration out changes nothing of what the registration gave', () => {
    const [whole, short] = [new SubjectBook(), new SubjectBook()];
    for (const one of rows) {
      for (const book of [whole, short]) book.put({ ...one, found: found(70, { watch: true }) });
      whole.put(one);
      short.put(one.registration && one.shown ? { ...one, registration: UNCHANGED } : one);
    }
    expect(short.page(ALL)).toEqual(whole.page(ALL));
    for (const town of [undefined, '330110001', '330110002'])
      expect(short.watchedIn(town)).toEqual(whole.watchedIn(town));
    expect(short.ownerOf('某纺织有限公司')).toBe('U:A');
  });

  it('an entry of many rows is compressed, and says the same', () => {
    const many = Array.from({ length: 300 }, (_, n) => row(n, `U:${n}`, `某${n}号厂`, found(n)));
    const words = new Words();
    const meters = { observed: 1, registered: 2, duplicates: 3, raised: 4, escalated: 5, version: 'test.1', day: DAY };
    const change = { rows: many, meters, sources: [] };
    const payload = encoded(change, words);
    expect(payload).toMatch(/^\^[A-Za-z0-9+/=]+$/);
    const [followed, loaded] = [new SubjectBook(), new SubjectBook()];
    followed.applyEntry(payload);
    for (const one of many) loaded.put(one);
    const all = { sort: 'score', limit: 300 } as const;
    expect(followed.page(all)).toEqual(loaded.page(all));
    expect(followed.meters).toEqual(meters);
  });

  it('a name is that of the one active employer with a uscc that has it', () => {
    const names = new SubjectBook();
    const put = (n: number, key: SubjectKey, name: string, active = true) => {
      const one = row(n, key, name);
      Object.assign(one.registration!, { active });
      names.put(one);
    };
    put(0, 'U:A', ' 某\u3000Mill');
    put(1, 'U:B', '某mill');
    put(2, 'N:某Mill', '某Mill');
    put(3, 'P:某Mill', '某Mill');
    put(4, 'U:C', '某Mill', false);
    expect([names.ownerOf('某Mill'), names.ownerOf('某mill'), names.ownerOf('某')]).toEqual(['U:A', 'U:B', undefined]);
    put(4, 'U:C', '某Mill');
    expect(names.ownerOf('某Mill')).toBeUndefined();
    put(0, 'U:A', '某别');
    expect(names.ownerOf('某Mill')).toBe('U:C');
  });

  it.each<[string, Partial<SubjectQuery>, string[]]>([
    ['kind', { kind: 'project' }, ['P:p1']],
    ['the other kind', { kind: 'enterprise' }, ['N:某店', 'U:A', 'U:C', 'U:B']],
    ['tier', { tier: 'red' }, ['U:A']],
    ['watch', { watch: true }, ['N:某店', 'U:A', 'P:p1']],
    ['no watch', { watch: false }, ['U:C', 'U:B']],
    ['town', { town: '330110002' }, ['U:A', 'P:p1']],
    ['a town without any', { town: '330110009' }, []],
    ['channel', { channel: 'petition' }, ['P:p1']],
    ['indicator', { indicator: 'water.due' }, ['U:A']],
    ['channel of another town', { channel: 'petition', town: '330110001' }, []],
    ['name', { q: ' mill' }, ['U:B']],
    ['code', { q: 'a' }, ['U:A']],
    ['number of a project', { q: 'p1' }, ['P:p1']],
  ])('are found by %s', (_, query, keys) => {
    expect(keysOf(book, query)).toEqual(keys);
    expect(book.page({ ...ALL, ...query }).total).toBe(keys.length);
  });

  it('are counted by region and town', () => {
    expect(book.watchedIn()).toEqual({ enterprises: 2, projects: 1, watch: 3, unplaced: 1 });
    expect(book.watchedIn('330110001')).toEqual({ enterprises: 1, projects: 0, watch: 0, unplaced: 0 });
    const other = new SubjectBook();
    for (const one of rows) other.put(one);
    other.put({ ...rows[0]!, shown: false });
    other.put(row(2, 'P:p1', '某新名', found(0)));
    expect(other.watchedIn()).toEqual({ enterprises: 1, projects: 1, watch: 1, unplaced: 1 });
    expect(keysOf(other, { q: '新名' })).toEqual(['P:p1']);
    expect(other.get('U:A')).toBeUndefined();
  });

  it('are the same by the feed as by what is stored, whatever they were before', () => {
    const points = fc.integer({ min: 0, max: 40_000 }).map((thousandths) => thousandths / 1000);
    const result = fc.record({
      score: fc.constantFrom(0, 0.5, 12.5, 60, 100),
      tier: fc.constantFrom(undefined, 'red' as const, 'orange' as const, 'yellow' as const),
      rule: fc.constantFrom(undefined, 'many', 'long'),
      watch: fc.boolean(),
      workers: fc.nat(5_000),
      amountFen: fc.nat(9_000_000_000),
      months: fc.constantFrom(0, 1, 2.5),
      channels: fc.array(fc.tuple(fc.constantFrom('water' as const, 'electricity' as const), points), { maxLength: 2 }),
      indicators: fc.array(fc.tuple(fc.constantFrom('water.overdue', 'petition.group'), points), { maxLength: 3 }),
      changedAt: fc.integer({ min: NOW, max: NOW + 9_999_999 }),
      version: fc.constantFrom('test.1', 'test.2'),
    });
    // What is nowhere is what an alert would be about; of nothing that counts only version and time are kept.
    const finding = fc.tuple(result, fc.boolean()).map(([one, nowhere]): Finding => {
      const nothing = !one.score && one.tier === undefined && !one.watch && !one.indicators.length;
      return nothing
        ? found(0, { ...one, rule: undefined, workers: 0, amountFen: 0, months: 0, channels: [] })
        : { ...one, unplaced: nowhere && one.tier !== undefined };
    });
    const oneRow = fc
      .tuple(
        fc.nat(4),
        fc.option(finding, { nil: undefined }),
        fc.constantFrom('registered', 'unchanged', 'not', 'hidden'),
      )
      .map(([n, one, how]): SubjectRow => {
        const made = row(n, n === 4 ? 'P:p1' : `U:${n}`, `某企业${n}`, one, { shown: how !== 'hidden' });
        if (how === 'unchanged') return { ...made, registration: UNCHANGED };
        return how === 'not' ? { ...made, registration: undefined } : made;
      });
    const meters = { observed: 3, registered: 2, duplicates: 1, raised: 0, escalated: 0, version: 'v', day: DAY };
    fc.assert(
      fc.property(
        fc.array(fc.array(oneRow, { minLength: 1, maxLength: 6 }), { minLength: 1, maxLength: 4 }),
        (entries) => {
          const words = new Words();
          const stored = new SubjectBook();
          const followed = new SubjectBook();
          const byHand = new Told();
          const first = [0, 1, 2, 3, 4].map((n) => row(n, n === 4 ? 'P:p1' : `U:${n}`, `某企业${n}`));
          for (const one of [first, ...entries]) {
            // Of one that was not shown the engine always says what it is registered as.
            const rows = one.map((each) => {
              const again = each.registration === UNCHANGED && !byHand.get(each.key);
              const sent = again ? { ...each, registration: first[each.n]!.registration } : each;
              byHand.put(sent);
              return sent;
            });
            const change = { rows, meters, sources: [] };
            stored.apply(change);
            followed.applyEntry(encoded(change, words));
          }
          const told = (of: SubjectBook) => ({
            meters: of.meters,
            size: of.size,
            watched: [of.watchedIn(), of.watchedIn('330110001'), of.watchedIn('330110002')],
            all: of.page(ALL),
            each: KEYS.map((key) => of.get(key)),
            water: keysOf(of, { channel: 'water' }),
            petitions: keysOf(of, { indicator: 'petition.group' }),
          });
          expect(told(followed)).toEqual(told(stored));
          expect(told(followed).each).toEqual(KEYS.map((key) => byHand.get(key)));
        },
      ),
    );
  });
});

describe('where they are', () => {
  const box = [119.6, 30, 120.4, 30.6] as [number, number, number, number];
  const place = fc.option(
    fc.oneof(
      fc.record({
        lng: fc.double({ min: 119.9, max: 120, noNaN: true }),
        lat: fc.double({ min: 30.3, max: 30.35, noNaN: true }),
      }),
      // Another city, and the place that sources send that know none.
      fc.constantFrom({ lng: 121.4, lat: 31.2 }, { lng: 0, lat: 0 }),
    ),
  );
  const many = fc.array(
    fc.record({ score: fc.constantFrom(0, 19, 20, 70), place, town: fc.nat(2), registered: fc.boolean() }),
    { maxLength: 60 },
  );

  it('is counted by cell and town, of those on the watch list; each cell has as many as the list of it', () => {
    fc.assert(
      fc.property(many, (subjects) => {
        const book = new SubjectBook();
        subjects.forEach(({ score, place: location, town, registered }, n) => {
          const one = row(n, `U:${n}`, `某${n}号厂`, found(score));
          Object.assign(one.registration!, { town: `33011000${town}`, location: location ?? undefined });
          book.put(registered ? one : { ...one, registration: undefined });
        });
        const heat = heatOf(book.places({ watch: true }), box);
        // Reckoned one by one.
        const watched = subjects.filter(({ score }) => score >= 20);
        const cells = new Map<string, number>();
        const byTown = new Map<string, number>();
        for (const { place: location, town, registered } of watched) {
          if (!registered) continue;
          byTown.set(`33011000${town}`, (byTown.get(`33011000${town}`) ?? 0) + 1);
          if (!location || location.lng > 121 || location.lng === 0) continue;
          const cell = latLngToCell(location.lat, location.lng, 8);
          cells.set(cell, (cells.get(cell) ?? 0) + 1);
        }
        expect(heat.total).toBe(watched.length);
        expect(heat.cells).toEqual(Object.fromEntries(cells));
        expect(heat.byTown).toEqual(Object.fromEntries(byTown));
        expect(heat.unplaced + [...cells.values()].reduce((sum, n) => sum + n, 0)).toBe(watched.length);
        for (const [cell, n] of cells) expect(book.page({ ...ALL, watch: true, cell }).total).toBe(n);
        expect(book.page({ ...ALL, cell: '88ffffffffffffff' }).total).toBe(0);
      }),
      { numRuns: 60 },
    );
  });
});

describe('sources', () => {
  it('are late and silent by the time since their last receipt', () => {
    const at = (days: number) => NOW - days * DAY_MS;
    expect(sourceState(undefined, 7, NOW)).toBe('never');
    expect(sourceState(at(7), 7, NOW)).toBe('ok');
    expect(sourceState(at(7) - 1, 7, NOW)).toBe('late');
    expect(sourceState(at(14), 7, NOW)).toBe('late');
    expect(sourceState(at(14) - 1, 7, NOW)).toBe('silent');
    expect(sourceState(at(900), undefined, NOW)).toBe('ok');
  });

  it('add up to channels and to what came today, by the time of receipt', () => {
    const sources = new SourceBook();
    sources.note('water', 'a', NOW - 9 * DAY_MS, NOW - DAY_MS, DAY - 1);
    sources.note('water', 'a', NOW - 9 * DAY_MS, NOW, DAY);
    sources.note('water', 'b', NOW - DAY_MS, NOW - 5, DAY);
    const channels = channelRecords(sources.entries(), NOW);
    const watched = { enterprises: 1, projects: 0, watch: 0, unplaced: 0 };
    const monitor = monitorOf(watched, { observed: 3 }, channels, { water: { cap: 1 }, tax: { cap: 1 } }, NOW);
    expect(monitor).toMatchObject({
      observations: { today: 2, total: 3 },
      sources: { water: { state: 'ok', today: 2 }, tax: { state: 'never', today: 0 } },
    });
    expect(Object.fromEntries(sources.entries())[sourceName('water', 'a')]).toEqual({
      lastAt: NOW,
      observedAt: NOW - 9 * DAY_MS,
      days: [
        [DAY - 1, 1, 8 * 86_400, 8 * 86_400],
        [DAY, 1, 9 * 86_400, 9 * 86_400],
      ],
    });
  });
});
