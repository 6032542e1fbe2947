import { parseRfc3339 } from '../../../common/regionTime.ts';
import { createValidator } from '../../../server/streams/intake/validate.ts';

/** Registrations and observations that are taken, to be spoilt one field at a time. */

export const NOW = parseRfc3339('2026-12-01T12:00:00+08:00')!;
export const USCC = '91330110MA2B0C1D2E';
export const KNOWN = new Map([
  ['water.overdue-days', { channel: 'water' }],
  ['petition.received', { channel: 'petition' }],
  ['wage-account.unpaid-months', { channel: 'wage-account' }],
]);
export const validate = createValidator(
  (region) =>
    region === '330110' || region === '310113' ? { towns: new Set(['330110001']), tiers: new Set(['red']) } : undefined,
  (region) => (region === '330110' ? KNOWN : undefined),
);

export const event = (type: string, data: object, more: object = {}) => ({
  specversion: '1.0',
  id: '1',
  source: 'urn:test:a',
  type,
  time: '2026-12-01T09:00:00+08:00',
  data,
  ...more,
});
export const SEEN = { region: '330110', indicator: 'petition.received', enterprise: { name: '某企业' } };
export const observed = (data: object = {}, more: object = {}) =>
  event('wage.signal.observed', { ...SEEN, ...data }, more);
export const FIRM = {
  region: '330110',
  kind: 'enterprise',
  enterprise: { uscc: USCC, name: '某企业' },
  town: '330110001',
  industry: 'C',
  status: 'active',
};
export const registered = (data: object = {}, more: object = {}) =>
  event('wage.subject.registered', { ...FIRM, ...data }, more);
export const site = (data: object = {}) =>
  registered({ kind: 'project', project: { id: 'P1', name: '某项目' }, ...data });
export const without = (data: Record<string, unknown>, name: string) => ({ ...data, [name]: undefined });
/** As JSON has it: what is undefined is not there. */
export const sent = (value: unknown): unknown => JSON.parse(JSON.stringify(value));
