import { describe, expect, it } from 'vitest';
import { loadPack } from '../../../support/packs.ts';
import { faultsOf, fieldsOf, stepsOf, type DeskAction } from '../../../../web/desk/fields.ts';

const pack = loadPack('330110');
const digest = `sha256:${'a'.repeat(64)}`;
const file = { digest, name: '照片.jpg', type: 'image/jpeg', bytes: 9 };
const formOf = (action: DeskAction, typed: Record<string, string> = {}) =>
  fieldsOf(action, { pack, towns: ['330110010'], lang: 'zh-CN', typed });

describe('files of a form', () => {
  it('are asked for with a note, a result, and by themselves, where one is needed', () => {
    const needed = (action: DeskAction) => formOf(action).find(({ kind }) => kind === 'files')?.needed ?? false;
    expect(needed('attach')).toBe(true);
    expect([needed('note'), needed('handle')]).toEqual([false, false]);
    expect(formOf('urge').some(({ kind }) => kind === 'files')).toBe(false);
  });

  it('keep a form from being sent while one has failed, or none is there that must be', () => {
    const faults = (action: DeskAction, files: { state: string }[]) =>
      faultsOf(action, formOf(action), { text: 'x' }, 0, files);
    expect(faults('attach', [])).toEqual({ attachments: 'noFiles' });
    expect(faults('attach', [{ state: 'done' }, { state: 'sending' }])).toEqual({});
    expect(faults('note', [])).toEqual({});
    expect(faults('note', [{ state: 'done' }, { state: 'failed' }])).toEqual({ attachments: 'badFiles' });
  });

  it('are named by their digests, with the result and not with the wages', () => {
    const typed = { outcome: 'paid-in-part', workers: '2', amount: '100' };
    expect(stepsOf('handle', formOf('handle', typed), typed, { pack, files: [file] })).toEqual([
      { action: 'recover', fields: { amountFen: 10_000, workers: 2 } },
      { action: 'handle', fields: { outcome: 'paid-in-part', attachments: [digest] } },
    ]);
    expect(stepsOf('attach', formOf('attach'), {}, { pack, files: [file] })).toEqual([
      { action: 'attach', fields: { attachments: [digest] } },
    ]);
    expect(stepsOf('note', formOf('note'), { text: '见上' }, { pack })).toEqual([
      { action: 'note', fields: { text: '见上' } },
    ]);
    // What has no place in a form is not sent with it.
    expect(stepsOf('urge', formOf('urge'), {}, { pack, files: [file] })).toEqual([{ action: 'urge', fields: {} }]);
  });
});
