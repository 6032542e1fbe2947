import { latLngToCell } from 'h3-js';
import { describe, expect, it } from 'vitest';
import { INDUSTRIES } from '../../../contract/codes.ts';
import type { AlertBrief, Frame } from '../../../contract/frame.ts';
import { maskBrief, maskFrame, maskNotice } from '../../../server/access/mask.ts';

const brief: AlertBrief = {
  alertId: 'A', tier: 'red', town: '330110010', industry: 'E', channel: 'petition', stage: 'raised',
  enterprise: { name: '张三', uscc: '91330110MA2' }, project: { id: 'P-1', name: '某小区' }, workers: 3, amountFen: 100,
  raisedAt: '2026-11-21T10:00:00+08:00', dueAt: '2026-11-22T10:00:00+08:00', overdue: false, verdict: 'effective', recoveredFen: 5,
  location: { lng: 120.041237, lat: 30.371239 }, changedAt: '2026-11-21T10:00:00+08:00',
};

describe('masking', () => {
  it('leaves figures, and takes names, numbers, projects and exact positions', () => {
    const masked = maskBrief(brief, 'masked');
    const figures = Object.fromEntries(Object.entries(brief).filter(([key]) => key !== 'project'));
    expect(masked).toEqual({ ...figures, enterprise: { name: '某建筑企业' }, location: expect.anything() });
    expect(masked.location).not.toEqual(brief.location);
    expect(latLngToCell(masked.location!.lat, masked.location!.lng, 8)).toBe(latLngToCell(brief.location!.lat, brief.location!.lng, 8));
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
    for (const industry of INDUSTRIES) expect(maskBrief({ ...brief, industry }, 'masked').enterprise.name).toMatch(/^某.{2,4}企业$/);
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
    expect(maskNotice({ scope: 's', briefs: [brief], more: 1 }, 'masked')).toEqual({ scope: 's', briefs: [masked.latest['A']], more: 1 });
    expect(brief).toEqual(before);
  });
});
