import { expect, it } from 'vitest';
import { clueEvent } from '../../../../server/casework/clues/clues.ts';
import { readsByTown } from '../../../../server/casework/clues/photoRoutes.ts';
import type { AccessRole } from '../../../../contract/roles.ts';

it('a clue’s town lets those read its pictures who read that; of handlers, whoever reported it', () => {
  const reads = (role: AccessRole, id: string, mayRead: boolean) => readsByTown({ by: 'who' }, { role, id }, mayRead);
  for (const role of ['officer', 'leader', 'admin'] as const)
    expect([role, reads(role, 'other', true), reads(role, 'other', false)]).toEqual([role, true, false]);
  expect([reads('handler', 'who', true), reads('handler', 'other', true)]).toEqual([true, false]);
  // Their scope is another by now.
  expect(reads('handler', 'who', false)).toBe(false);
});

it('the observation of a clue says nothing of its pictures', () => {
  const clue = { enterprise: { name: '某店' }, town: '330110012', text: ' x ', photos: [`sha256:${'a'.repeat(64)}`] };
  expect(clueEvent(clue, '330110', 'act-1', 0)).toMatchObject({
    id: 'act-1',
    data: { region: '330110', indicator: 'grid.report', enterprise: { name: '某店' }, town: '330110012', text: 'x' },
  });
  expect(JSON.stringify(clueEvent(clue, '330110', 'act-1', 0))).not.toContain('sha256');
});
