import { latLngToCell } from 'h3-js';
import { describe, expect, it } from 'vitest';
import { INDUSTRIES } from '../../../contract/codes.ts';
import type { AlertBrief, Frame } from '../../../contract/frame.ts';
import type { AlertDetail } from '../../../contract/rest.ts';
import { createMask, STANDARD_MASK } from '../../../server/privacy/mask.ts';

const { brief: maskBrief, frame: maskFrame, notice: maskNotice } = STANDARD_MASK;

const brief: AlertBrief = {
  region: '330110',
  alertId: 'A',
  tier: 'red',
  town: '330110010',
  industry: 'E',
  channel: 'petition',
  stage: 'raised',
  enterprise: { name: '张三', uscc: '91330110MA2' },
  project: { id: 'P-1', name: '某小区' },
  workers: 3,
  amountFen: 100,
  raisedAt: '2026-11-21T10:00:00+08:00',
  dueAt: '2026-11-22T10:00:00+08:00',
  overdue: false,
  verdict: 'effective',
  recoveredFen: 5,
  location: { lng: 120.041237, lat: 30.371239 },
  changedAt: '2026-11-21T10:00:00+08:00',
};

describe('masking', () => {
  it('leaves figures, and takes names, numbers, projects and exact positions', () => {
    const masked = maskBrief(brief, 'masked');
    const figures = Object.fromEntries(Object.entries(brief).filter(([key]) => key !== 'project'));
    expect(masked).toEqual({ ...figures, enterprise: { name: '某建筑企业' }, location: expect.anything() as unknown });
    expect(masked.location).not.toEqual(brief.location);
    expect(latLngToCell(masked.location!.lat, masked.location!.lng, 8)).toBe(
      latLngToCell(brief.location!.lat, brief.location!.lng, 8),
    );
  });

  it('rounds all positions of a cell to one', () => {
    const near = { ...brief, location: { lng: brief.location!.lng + 1e-5, lat: brief.location!.lat } };
    expect(maskBrief(near, 'masked').location).toEqual(maskBrief(brief, 'masked').location);
  });

  it('does not let out what is added to a brief', () => {
    const more = { ...brief, phone: '13800000000', enterprise: { ...brief.enterprise, owner: '张三' } };
    expect(JSON.stringify(maskBrief(more, 'masked'))).not.toMatch(/13800000000|张三/);
  });

  it('has a word for every industry', () => {
    for (const industry of INDUSTRIES)
      expect(maskBrief({ ...brief, industry }, 'masked').enterprise.name).toMatch(/^某.{2,4}企业$/);
  });

  it('changes nothing for those who may see all', () => {
    const frame = { latest: { A: brief } } as unknown as Frame;
    expect(maskBrief(brief, 'full')).toBe(brief);
    expect(maskFrame(frame, 'full')).toBe(frame);
  });

  it('keeps the same what is the same, so that a diff can pass it over, and does not touch the original', () => {
    const before = structuredClone(brief);
    const frame = { latest: { A: brief } } as unknown as Frame;
    const masked = maskFrame(frame, 'masked');
    expect(maskFrame({ ...frame }, 'masked').latest).toBe(masked.latest);
    expect(masked.latest['A']).toBe(maskBrief(brief, 'masked'));
    expect(maskNotice({ scope: 's', briefs: [brief], more: 1 }, 'masked')).toEqual({
      scope: 's',
      briefs: [masked.latest['A']],
      more: 1,
    });
    expect(brief).toEqual(before);
  });
});

describe('masking as a site configures it', () => {
  it.each([
    ['杭州某某建筑有限公司', '杭***司'],
    ['张三', '张***'],
    ['张三餐饮店', '张***'],
    ['余杭张三餐饮店', '余***店'],
  ])('%s by its ends is %s', (name, masked) => {
    expect(
      createMask({ names: 'ends', least: 0 }).brief({ ...brief, enterprise: { name } }, 'masked').enterprise,
    ).toEqual({ name: masked });
  });

  it('shows of an alert that something happened, not what was written, and takes persons out of the reasons', () => {
    const detail: AlertDetail = {
      ...brief,
      region: '330110',
      unit: '张三所',
      recoveries: [],
      conflicts: 0,
      reasons: [{ channel: 'petition', text: '张三 (91330110MA2) 拖欠，联系人李四 13800001234，某小区', weight: 2 }],
      events: [
        {
          id: 'wx:李四',
          source: 'urn:secret',
          type: 'wage.alert.handled',
          time: brief.raisedAt,
          data: { outcome: '李四已付', note: '13800001234' },
        },
      ],
    };
    expect(STANDARD_MASK.detail(detail, 'masked').reasons).toEqual([
      { channel: 'petition', text: expect.stringContaining('拖欠') as string, weight: 2 },
    ]);
    const unweighed = { ...detail, reasons: [{ channel: 'petition' as const, text: '拖欠' }] };
    expect(STANDARD_MASK.detail(unweighed, 'masked').reasons).toEqual([{ channel: 'petition', text: '拖欠' }]);
    expect(Object.keys(STANDARD_MASK.detail(unweighed, 'masked').reasons[0]!)).toEqual(['channel', 'text']);
    const text = JSON.stringify(STANDARD_MASK.detail(detail, 'masked'));
    expect(text).not.toMatch(/张三|李四|1380000|91330110|某小区|urn:secret|P-1/);
    expect(text).toContain('拖欠');
    expect(STANDARD_MASK.detail(detail, 'full')).toBe(detail);
  });

  it('shows nothing of reasons beside more names than anybody may wait for, and all that is to be looked through at once', () => {
    const reasons = Array.from({ length: 50 }, () => ({ channel: 'petition' as const, text: '张'.repeat(500) }));
    const amended = (name: string) => ({
      id: name.slice(-1),
      source: 'urn:s',
      type: 'wage.alert.amended' as const,
      time: brief.raisedAt,
      data: { enterprise: { name } },
    });
    const detail = (names: string[]): AlertDetail => ({
      ...brief,
      enterprise: { name: '张'.repeat(500) },
      project: { id: 'x', name: '李'.repeat(500) },
      recoveries: [],
      conflicts: 0,
      reasons,
      events: names.map(amended),
    });
    const begun = performance.now();
    const texts = (names: string[]) => STANDARD_MASK.detail(detail(names), 'masked').reasons.map(({ text }) => text);
    expect(new Set(texts([]))).toEqual(new Set(['***']));
    // Each of these is another name.
    const many = Array.from({ length: 200 }, (_, i) => '王'.repeat(499) + String.fromCodePoint(0x4e00 + i));
    expect(new Set(texts(many))).toEqual(new Set(['***']));
    const plain = { ...detail(many), reasons: [{ channel: 'petition' as const, text: '拖欠' }] };
    expect(STANDARD_MASK.detail(plain, 'masked').reasons).toEqual([{ channel: 'petition', text: '拖欠' }]);
    // Minutes, name by name and core by core.
    expect(performance.now() - begun).toBeLessThan(5_000);
  });

  it('does not show what had no effect', () => {
    const accepted = { id: 'a', source: 'urn:s', type: 'wage.alert.accepted' as const, time: brief.raisedAt, data: {} };
    const detail: AlertDetail = {
      ...brief,
      recoveries: [],
      conflicts: 0,
      reasons: [],
      events: [
        { ...accepted, effect: false, platform: 'other' },
        { ...accepted, type: 'wage.case.urged' },
      ],
    };
    expect(STANDARD_MASK.detail(detail, 'masked').events.map(({ type }) => type)).toEqual(['wage.case.urged']);
  });

  it('shows no single alerts where small figures are withheld', () => {
    const mask = createMask({ names: 'industry', least: 5 });
    expect(mask.notice({ scope: 's', briefs: [brief], more: 0 }, 'masked')).toBeUndefined();
    expect(mask.notice({ scope: 's', briefs: [brief], more: 0 }, 'full')).toBeDefined();
  });
});
