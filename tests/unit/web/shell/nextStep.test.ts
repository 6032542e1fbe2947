import { describe, expect, it } from 'vitest';
import { nextStepOf } from '../../../../web/shell/nextStep.ts';

describe('what happens next', () => {
  it.each([
    ['raised', undefined, { action: 'dispatch', by: 'officers' }],
    ['dispatched', '某大队', { action: 'accept', by: 'unit', unit: '某大队' }],
    ['accepted', '某大队', { action: 'handle', by: 'unit', unit: '某大队' }],
    ['handled', '某大队', { action: 'audit', by: 'officers' }],
    ['audited', '某大队', { action: 'close', by: 'officers' }],
    ['closed', '某大队', undefined],
  ] as const)('of one that is %s', (stage, unit, next) => {
    expect(nextStepOf({ stage, ...(unit === undefined ? {} : { unit }) })).toEqual(next);
  });
});
