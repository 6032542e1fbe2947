import { isDeepStrictEqual } from 'node:util';
import { toRfc3339 } from '../../../common/regionTime.ts';
import type { Presentation, PresentationCommand, PresentRefusal } from '../../../contract/presenting.ts';

/** Whoever presents, as `actorIdOf` and `recordedName` name them. */
export type Presenter = NonNullable<Presentation['presenter']>;

/**
 * What a command makes of a presentation. Pure. A command that was carried out already changes nothing, so all may be sent twice; one
 * person may present from several pages. @param at epoch ms @returns the very same presentation where nothing changes
 */
export function presented(
  before: Presentation | undefined,
  command: PresentationCommand,
  by: Presenter,
  { scope, at }: { scope: string; at: number },
): Presentation | PresentRefusal {
  const other = before?.on && before.presenter?.id !== by.id ? before.presenter : undefined;
  const seq = nextSeq(before, at);
  if (command.do === 'begin') {
    if (other && !command.take) return taken(other);
    // Who takes over goes on where the other was.
    if (other) return { ...withoutPointer(before!), seq, presenter: by };
    if (before?.on) return before;
    return {
      briefing: command.briefing,
      scope,
      seq,
      on: true,
      presenter: by,
      page: command.page,
      black: false,
      began: toRfc3339(at),
      edited: before?.edited ?? 0,
    };
  }
  if (other) return taken(other);
  if (command.do === 'end') {
    if (!before?.on) return before ?? notPresenting();
    return { ...withoutView(withoutPointer(before)), seq, on: false, black: false };
  }
  if (!before?.on) return notPresenting();
  const {
    page = before.page,
    black = before.black,
    pointer = before.pointer,
    moment = before.moment,
    vs = before.vs,
  } = command;
  const next: Presentation = {
    ...withoutView(withoutPointer(before)),
    page,
    black,
    ...(pointer ? { pointer } : {}),
    ...(moment ? { moment } : {}),
    ...(vs ? { vs } : {}),
  };
  return isDeepStrictEqual(next, before) ? before : { ...next, seq };
}

/** The same after title or pages of the briefing have been changed. */
export function editedMeanwhile(before: Presentation, at: number): Presentation {
  return { ...before, seq: nextSeq(before, at), edited: before.edited + 1 };
}

/** What a display is told: no names. */
export function withoutName(presentation: Presentation): Presentation {
  const rest = { ...presentation };
  delete rest.presenter;
  return rest;
}

export const isRefusal = (result: Presentation | PresentRefusal): result is PresentRefusal => 'code' in result;

/** Also grows from one presentation of a briefing to the next, and where nothing is known any more of the one before. */
const nextSeq = (before: Presentation | undefined, at: number) => Math.max(at, (before?.seq ?? 0) + 1);

function withoutPointer(presentation: Presentation): Presentation {
  const rest = { ...presentation };
  delete rest.pointer;
  return rest;
}

/** Without moment and comparison: those of the briefing itself. */
function withoutView(presentation: Presentation): Presentation {
  const rest = { ...presentation };
  delete rest.moment;
  delete rest.vs;
  return rest;
}

const taken = ({ name }: Presenter): PresentRefusal => ({
  code: 'taken',
  detail: `${name} presents this briefing: take it over, or follow`,
  by: name,
});
const notPresenting = (): PresentRefusal => ({
  code: 'not-presenting',
  detail: 'nobody presents this briefing: begin first',
});
