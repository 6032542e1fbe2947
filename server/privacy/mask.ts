import { cellToLatLng, latLngToCell } from 'h3-js';
import { HEAT_RESOLUTION, type Industry } from '../../contract/codes.ts';
import type { AlertBrief, AlertRef, Frame } from '../../contract/frame.ts';
import type { AlertNotice } from '../../contract/protocol.ts';
import type { AlertDetail } from '../../contract/rest.ts';
import { SHOWN_FIELDS } from '../alerts/fields.ts';
import { maskText } from './maskText.ts';
import { coresOf, genericWords, type NameCores } from './nameCores.ts';
import { placeNames } from './placeNames.ts';
import { plainText, TAKEN_OUT } from './plainText.ts';
import { unitOfView, type View } from '../platform/http/principal.ts';
import { withhold } from './withhold.ts';

/**
 * What a `display` is shown of an alert: no uscc, no project, the enterprise as "某建筑企业" or by its first and last
 * character, the position rounded to the centre of its H3 cell, the one its heat is counted in; no notes, and nothing
 * personal in what texts remain. Pure.
 */
export interface MaskRules {
  names: 'industry' | 'ends';
  /** Figures over fewer alerts are withheld, and single alerts are not shown at all; 0 or 1: nothing is withheld. */
  least: number;
  /** Names of regions and towns: what is left of an enterprise's name without them is its core. */
  divisions?: readonly string[];
  /** The code of the unit that a text of an alert means in a region; without it, none is meant anywhere. */
  unitMeant?: (region: string, text: string | undefined) => string | undefined;
}

/** What tells to whom an alert was dispatched. */
export type Dispatched = Pick<AlertBrief, 'region' | 'unit'>;

/** Sections of GB/T 4754 in short. In Chinese like every enterprise's name. */
const TRADES: Record<Industry, string> = {
  A: '农林牧渔',
  B: '采矿',
  C: '制造',
  D: '电热燃水',
  E: '建筑',
  F: '批发零售',
  G: '运输仓储',
  H: '住宿餐饮',
  I: '信息技术',
  J: '金融',
  K: '房地产',
  L: '租赁商务',
  M: '科研技术',
  N: '水利环境',
  O: '居民服务',
  P: '教育',
  Q: '卫生社工',
  R: '文体娱乐',
  S: '社会组织',
  T: '国际组织',
};

/** Names shorter than this keep their first character alone: first and last of a shop's owner would be the whole name. */
const ENDS_FROM = 6;

/**
 * What shows frames, notices and alerts as somebody may see them. `full` gives what was handed in. By unit, alerts are given in
 * full or not at all, and figures as they are: a brief, a notice or a detail is to be asked for of alerts that `shows` lets through.
 */
export interface Mask {
  readonly least: number;
  /** Whether somebody is told of an alert at all. */
  shows(alert: Dispatched, view: View): boolean;
  brief(brief: AlertBrief, view: View): AlertBrief;
  /** @param now where a frame is of then: how an alert stands now, undefined for one that is there no more. By it is decided whose it is */
  frame(frame: Frame, view: View, now?: (ref: AlertRef) => Dispatched | undefined): Frame;
  /** Undefined where there is nothing to tell. */
  notice(notice: AlertNotice, view: View): AlertNotice | undefined;
  detail(detail: AlertDetail, view: View): AlertDetail;
}

export function createMask({ names, least, divisions = [], unitMeant = () => undefined }: MaskRules): Mask {
  const generic = genericWords(placeNames(divisions));
  // Frames share their unchanged parts, and the diff between two skips what is the same object: so must masked ones.
  const briefs = new WeakMap<AlertBrief, AlertBrief>();
  const lists = new WeakMap<Frame['latest'], Frame['latest']>();
  const ownLists = new WeakMap<Frame['latest'], Map<View, Frame['latest']>>();
  const unitOf = createUnitMask();
  const withholds = least > 1;

  function shows({ region, unit }: Dispatched, view: View): boolean {
    const own = unitOfView(view);
    return own === undefined || unitMeant(region, unit) === own;
  }

  /** A frame's alerts that are those of a unit; the same list where the list was the same. */
  function ownOf(given: Frame['latest'], view: View, now: ((ref: AlertRef) => Dispatched | undefined) | undefined) {
    const filter = () =>
      Object.fromEntries(
        Object.entries(given).filter(([, one]) => {
          const alert = now ? now(one) : one;
          return alert !== undefined && shows(alert, view);
        }),
      );
    if (now) return filter();
    let byView = ownLists.get(given);
    if (!byView) ownLists.set(given, (byView = new Map<View, Frame['latest']>()));
    let own = byView.get(view);
    if (!own) byView.set(view, (own = filter()));
    return own;
  }

  function brief(given: AlertBrief, view: View): AlertBrief {
    if (view !== 'masked') return given;
    let masked = briefs.get(given);
    if (!masked) {
      // Only what ALERT_FIELDS says may be shown, so that nothing added to a brief gets out by itself.
      const { region, industry, overdue, location } = given;
      const name = names === 'ends' ? endsOf(given.enterprise.name) : `某${TRADES[industry]}企业`;
      masked = { region, ...shownOf(given), enterprise: { name }, overdue };
      if (location) {
        const [lat, lng] = cellToLatLng(latLngToCell(location.lat, location.lng, HEAT_RESOLUTION));
        masked.location = { lng, lat };
      }
      briefs.set(given, masked);
    }
    return masked;
  }

  function unitIn({ unit }: AlertBrief): Pick<AlertBrief, 'unit'> {
    return unit === undefined ? {} : { unit: unitOf(unit) };
  }

  function each(given: Frame['latest'], mask: (brief: AlertBrief) => AlertBrief): Frame['latest'] {
    let masked = lists.get(given);
    if (!masked) {
      masked = Object.fromEntries(Object.entries(given).map(([key, one]) => [key, mask(one)]));
      lists.set(given, masked);
    }
    return masked;
  }

  return {
    least: withholds ? least : 0,
    shows,
    brief,
    frame(frame, view, now) {
      if (view === 'full') return frame;
      if (view !== 'masked') {
        const latest = ownOf(frame.latest, view, now);
        return frame.agenda ? { ...frame, latest, agenda: ownOf(frame.agenda, view, now) } : { ...frame, latest };
      }
      if (withholds) return withhold(frame, least, unitOf);
      const latest = each(frame.latest, (one) => brief(one, view));
      if (!frame.agenda) return { ...frame, latest };
      // An office is not a person, and who must act is what the agenda is for.
      const agenda = each(frame.agenda, (one) => ({ ...brief(one, view), ...unitIn(one) }));
      return { ...frame, latest, agenda };
    },
    notice(notice, view) {
      if (view !== 'masked') return notice;
      return withholds ? undefined : { ...notice, briefs: notice.briefs.map((one) => brief(one, view)) };
    },
    detail(detail, view) {
      if (view !== 'masked') return detail;
      const secrets = secretsOf(detail, generic);
      const shown = secrets ? (text: string) => maskText(text, secrets) : () => TAKEN_OUT;
      const { arrearsDays, platform, closedAt, remainingMs, dueProvisional, recoveries, conflicts, reasons, events } =
        detail;
      const { recoveriesBefore, eventsBefore, cursor } = detail;
      return {
        ...brief(detail, view),
        recoveries,
        conflicts,
        ...(arrearsDays === undefined ? {} : { arrearsDays }),
        ...(platform === undefined ? {} : { platform }),
        ...(closedAt === undefined ? {} : { closedAt }),
        ...(remainingMs === undefined ? {} : { remainingMs }),
        ...(dueProvisional ? { dueProvisional } : {}),
        ...(recoveriesBefore === undefined ? {} : { recoveriesBefore }),
        ...(eventsBefore === undefined ? {} : { eventsBefore }),
        ...(cursor === undefined ? {} : { cursor }),
        reasons: reasons.map(({ channel, text, weight }) => ({
          channel,
          text: shown(text),
          ...(weight === undefined ? {} : { weight }),
        })),
        // That something happened and when; what was written about it, by whom, and where from is not for a hall, nor what had no effect.
        events: events.flatMap(({ type, time, dueAt, effect }, i) =>
          effect === false
            ? []
            : [
                {
                  id: String((eventsBefore ?? 0) + i),
                  source: 'masked',
                  type,
                  time,
                  data: {},
                  ...(dueAt === undefined ? {} : { dueAt }),
                },
              ],
        ),
      };
    },
  };
}

/** So many texts are remembered: a region has few units, and all are said again in every frame. */
const UNITS = 1_000;

/** Names of units without what somebody wrote into them of a person or an enterprise. */
function createUnitMask(): (unit: string) => string {
  const known = new Map<string, string>();
  return (unit) => {
    let masked = known.get(unit);
    if (masked === undefined) {
      if (known.size === UNITS) known.clear();
      known.set(unit, (masked = maskText(unit)));
    }
    return masked;
  };
}

/** What is masked where nothing is configured. */
export const STANDARD_MASK = createMask({ names: 'industry', least: 0 });

type Shown = (typeof SHOWN_FIELDS)[number];

function shownOf(brief: AlertBrief): Pick<AlertBrief, Shown> {
  return Object.fromEntries(
    SHOWN_FIELDS.flatMap((name) => (brief[name] === undefined ? [] : [[name, brief[name]]])),
  ) as Pick<AlertBrief, Shown>;
}

function endsOf(name: string): string {
  const characters = [...plainText(name).trim()];
  return `${characters[0]}***${characters.length >= ENDS_FROM ? characters.at(-1) : ''}`;
}

/** Letters of names times letters of texts that are looked through: two names and 50 reasons of the greatest length, and some more. */
const MOST_COMPARED = 64_000_000;

/**
 * A text often says again whom it is about, by the name of today or one that was amended since.
 * @returns undefined where there is more to look through than anybody may wait for: nothing of the texts is shown then
 */
function secretsOf(detail: AlertDetail, generic: RegExp): NameCores[] | undefined {
  const { enterprise, project, events, reasons } = detail;
  if (reasons.length === 0) return [];
  const named = [{ enterprise, project }, ...events.map(({ data }) => data as Partial<Named>)];
  const names = named.flatMap((one) => [
    one.enterprise?.name,
    one.enterprise?.uscc,
    one.project?.name,
    one.project?.id,
  ]);
  const secrets = [...new Set(names)].filter((secret) => secret !== undefined);
  const letters = secrets.reduce((sum, { length }) => sum + length, 0);
  if (letters * reasons.reduce((sum, { text }) => sum + text.length, 0) > MOST_COMPARED) return undefined;
  return secrets.map((secret) => coresOf(secret, generic));
}

type Named = Pick<AlertDetail, 'enterprise' | 'project'>;
