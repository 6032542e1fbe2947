import { createHash } from 'node:crypto';
import { MAX_STRING } from '../../../contract/fields.ts';
import type { RegionPack } from '../../../contract/region.ts';
import type { InboxEntry, Supervision } from '../../../contract/supervision.ts';
import type { TimedRung } from '../../../common/ladder.ts';
import { toRfc3339 } from '../../../common/regionTime.ts';
import { unitOf } from '../../../common/units.ts';
import { digestOf } from '../../alerts/eventDigest.ts';
import type { AlertState, StoredEvent } from '../../alerts/state.ts';
import { draftText } from './draftText.ts';
import type { News } from './news.ts';

/** Where the clock's events come from; nobody outside may use it. */
export const CLOCK_SOURCE = 'urn:wagewatch:clock';

/** What a rung comes to. */
export interface Speech {
  inbox: Omit<InboxEntry, 'id'>;
  urged?: { alertId: string; event: StoredEvent };
  draft?: Supervision;
}

/**
 * Names a stage of an alert in the ids of what is said of it: by the id of the event that led into it. Where another source has used that
 * id too, or the id of the alert has a `/`, which parts the names in an id, it is the digest of source and id; but not of a stage of which
 * something has been said by the id already.
 */
export function stageName(
  { alertId, stageAt, stageEvent, stageSource }: AlertState,
  events: readonly StoredEvent[],
): string {
  const isClear =
    !alertId.includes('/') && !events.some(({ source, id }) => id === stageEvent && source !== stageSource);
  if (isClear) return stageEvent;
  const isSaid = ({ source, time, type, id, data }: StoredEvent) =>
    type === 'wage.case.urged' &&
    source === CLOCK_SOURCE &&
    time >= stageAt &&
    data.rung !== undefined &&
    id === rungId(alertId, stageEvent, data.rung);
  return events.some(isSaid) ? stageEvent : digestOf(stageSource, stageEvent);
}

/** Names a rung of a stage of an alert: `<alert>/<stage (stageName)>/<rung>`, shortened where no event's id may be so long. */
export function rungId(alertId: string, stage: string, rung: string): string {
  const id = `${alertId}/${stage}/${rung}`;
  if (id.length <= MAX_STRING) return id;
  const short = (text: string) => (text.length > 100 ? shortOf(text) : text);
  return `${short(alertId)}/${short(stage)}/${rung}`;
}

/** Names the draft of a rung, in addresses. */
export function draftId(alertId: string, stage: string, rung: string): string {
  return shortOf(JSON.stringify([alertId, stage, rung]));
}

function shortOf(text: string): string {
  return createHash('sha256').update(text).digest('base64url').slice(0, 22);
}

/** Whose turn it is: the unit and its person while it is with them, otherwise officers. */
export function turnOf(pack: RegionPack, { stage, unit, person }: AlertState): { unit?: string; person?: string } {
  const code = stage === 'dispatched' || stage === 'accepted' ? unitOf(pack, unit)?.code : undefined;
  if (code === undefined) return {};
  return { unit: code, ...(person === undefined ? {} : { person }) };
}

/** What an entry of the inbox says of an alert as it stands. @param dueAt end of the stage's term, epoch ms; undefined where none runs */
export function entryOf(pack: RegionPack, state: AlertState, dueAt: number | undefined, now: number) {
  const { alertId, stage, facts } = state;
  return {
    at: toRfc3339(now),
    alertId,
    tier: facts.tier,
    town: facts.town,
    stage,
    ...(dueAt === undefined ? {} : { dueAt: toRfc3339(dueAt) }),
    ...turnOf(pack, state),
  };
}

/** What is said of a red alert that has just been dispatched. */
export function redOf(pack: RegionPack, state: AlertState, dueAt: number | undefined, now: number): Speech['inbox'] {
  return { kind: 'red', ...entryOf(pack, state, dueAt, now) };
}

/** What is said of news of a case. Words are not kept with it: they are read where they stand, by those who may. */
export function newsEntry(
  pack: RegionPack,
  state: AlertState,
  { kind, event: { source, id }, person, formerly }: News,
  dueAt: number | undefined,
  now: number,
): Speech['inbox'] {
  const entry = {
    kind,
    ...entryOf(pack, state, dueAt, now),
    event: { source, id },
    ...(person === undefined ? {} : { person }),
    ...(formerly === undefined ? {} : { formerly }),
  };
  // An answer is for whoever demanded it, not for the unit that gave it.
  if (kind === 'answered') {
    delete entry.unit;
    delete entry.person;
  }
  return entry;
}

/**
 * What is said of a rung that is passed.
 * @param name of the stage (`stageName`). @param dueAt end of the stage's term, epoch ms; `now` when it is said
 */
export function speechOf(
  pack: RegionPack,
  state: AlertState,
  name: string,
  { rung }: TimedRung,
  dueAt: number,
  now: number,
): Speech {
  const { alertId, stage, facts } = state;
  const { does, level } = rung;
  const speech: Speech = {
    inbox: { kind: does, ...entryOf(pack, state, dueAt, now), rung: rung.rung },
  };
  if (does === 'urge')
    speech.urged = {
      alertId,
      event: {
        type: 'wage.case.urged',
        time: now,
        source: CLOCK_SOURCE,
        id: rungId(alertId, name, rung.rung),
        data: { rung: rung.rung },
      },
    };
  if (does === 'draft' && level !== undefined) {
    const id = draftId(alertId, name, rung.rung);
    speech.inbox.level = level;
    speech.inbox.supervision = id;
    const { tier, town, enterprise, workers, amountFen } = facts;
    const draft: Omit<Supervision, 'text'> = {
      id,
      region: pack.code,
      state: 'draft',
      level,
      at: toRfc3339(now),
      rung: rung.rung,
      alertId,
      facts: {
        tier,
        town,
        enterprise,
        workers,
        amountFen,
        raisedAt: toRfc3339(state.raisedAt),
        stage,
        stageAt: toRfc3339(state.stageAt),
        dueAt: toRfc3339(dueAt),
        ...(state.platform === undefined ? {} : { platform: state.platform }),
        ...turnOf(pack, state),
      },
    };
    speech.draft = {
      ...draft,
      text: { 'zh-CN': draftText(pack, draft, 'zh-CN', now), en: draftText(pack, draft, 'en', now) },
    };
  }
  return speech;
}
