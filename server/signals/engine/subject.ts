import type { Channel, Industry, Tier } from '../../../contract/codes.ts';
import type { LngLat } from '../../../contract/frame.ts';
import type { SubjectKey } from '../../../common/subjectKey.ts';
import type { Observation } from '../assess/observation.ts';
import type { AlertMark } from './alertMarks.ts';

/**
 * A subject as the engine keeps it, under the key that its facts came with: what was registered and observed, its alerts, and
 * what it was last assessed as. Days are `dayOf`, times epoch ms, money fen, positions CGCS2000/WGS-84.
 */
export interface Subject {
  readonly key: SubjectKey;
  /** Its number in the region, from 0; never given again. */
  readonly n: number;
  registration?: Registration | undefined;
  observations: KeptObservation[];
  /** Alerts whose facts name this key. */
  alerts: AlertMark[];
  /** Of a name that one employer alone has: that employer, as whom it answers (signals §1). */
  owner?: SubjectKey | undefined;
  /** What was found last; none while it answers as somebody else, or no pack is active. */
  found?: Finding | undefined;
  /** Score in tenths at the end of each day on which it changed, oldest first, of the last 365. */
  scores: [day: number, tenths: number][];
  /** The next day on which it is to be looked at without any event; `NEVER` where there is none. */
  due: number;
}

/** A day that never comes, and still a small integer. */
export const NEVER = 0x3fff_ffff;

/** The registration that holds: the one with the greatest `(time, source, id)`. */
export interface Registration {
  time: number;
  source: string;
  id: string;
  /** Of a project: its general contractor. */
  name: string;
  /** As it was registered; of an enterprise it is in the key. */
  uscc?: string | undefined;
  project?: { id: string; name: string } | undefined;
  town: string;
  industry: Industry;
  active: boolean;
  headcount?: number | undefined;
  location?: LngLat | undefined;
  /** What no rule and no alert asks for. */
  more?: { capitalFen?: number; address?: string; startedOn?: string; endedOn?: string } | undefined;
}

/** An observation with what an alert may need of it. */
export interface KeptObservation extends Observation {
  more?: ObservedMore | undefined;
}

/** What came with an observation besides what rules ask for. */
export interface ObservedMore {
  /** The employer as it was named, where the key does not say it. */
  name?: string | undefined;
  uscc?: string | undefined;
  projectName?: string | undefined;
  town?: string | undefined;
  industry?: Industry | undefined;
  location?: LngLat | undefined;
  text?: string | undefined;
}

/** What an assessment came to, as lists and figures need it; the whole of it is computed again where it is shown. */
export interface Finding {
  /** Version of the pack. */
  version: string;
  score: number;
  tier?: Tier | undefined;
  rule?: string | undefined;
  watch: boolean;
  workers: number;
  amountFen: number;
  months: number;
  channels: [channel: Channel, points: number][];
  /** Codes of the indicators that have something that counts, with their points. */
  indicators: [code: string, points: number][];
  /** When this differed from what was found before. */
  changedAt: number;
  /** It has a tier, and lacks an employer's name, a town or an industry (signals §4). */
  unplaced: boolean;
}
