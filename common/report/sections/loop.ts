import { CODE_NAMES } from '../../codeNames.ts';
import type { Stage } from '../../../contract/codes.ts';
import { absent, countCell, label } from '../cells.ts';
import type { Section } from '../model.ts';
import type { Context } from './context.ts';

const OPEN_STAGES: readonly Stage[] = ['raised', 'dispatched', 'accepted', 'handled', 'audited'];

/** Where open alerts stand, and how many are late. What was kept of then may have been corrected since: both are told. */
export function loop({ situation, words }: Context): Section {
  const { state } = situation;
  const known = 'missing' in state ? undefined : state;
  const { open } = situation.figures.totals;
  const corrected = known?.source === 'kept' && known.open !== open ? open : undefined;
  const why = words.why.notKept;
  const count = (value: number | undefined) => (value === undefined ? absent(why) : countCell(value));
  const names = CODE_NAMES[words.lang].stages;
  const late = OPEN_STAGES.flatMap((stage): [Stage, number][] => {
    const overdue = known?.overdueByStage[stage] ?? 0;
    return overdue > 0 ? [[stage, overdue]] : [];
  });
  return {
    id: 'loop',
    heading: words.headings.loop,
    sentences: [known ? words.say.loop(known, late, corrected) : words.say.loopMissing()],
    tables: [
      {
        id: 'loop',
        caption: words.tables.loop,
        columns: [
          { label: words.columns.stage, kind: 'text' },
          { label: words.columns.open, kind: 'number' },
          { label: words.columns.overdue, kind: 'number' },
        ],
        rows: [
          ...OPEN_STAGES.map((stage) => [
            label(names[stage]),
            count(known && (known.byStage[stage] ?? 0)),
            count(known && (known.overdueByStage[stage] ?? 0)),
          ]),
          [label(words.rows.total), count(known?.open), count(known?.overdue)],
          ...(corrected === undefined ? [] : [[label(words.rows.corrected), countCell(corrected), absent()]]),
          [label(words.rows.supervised), count(known?.supervised), absent()],
        ],
      },
    ],
  };
}
