import type { LetterState } from '../../../contract/oversightNames.ts';
import type { Stage, SupervisionLevel, Tier } from '../../../contract/codes.ts';
import type { UnitSpanFigures } from '../../../contract/reportSituation.ts';
import type { Span } from '../../../common/report/spans.ts';
import type { Region } from '../../region/region.ts';

/** What reports ask of casework (docs/casework.md §7 and §8): neither of the two knows the other. Moments are epoch ms. */
export interface WorkPort {
  /** Whether cases of a region are worked on here. */
  worksOn(region: Pick<Region, 'pack'>): boolean;
  /** What a unit has done in each span, and what it holds. */
  unitWork(region: Region, asked: WorkAsked & { unit: string }): Promise<UnitWork>;
  /** How many letters were issued in each span, and those of the first. */
  supervised(region: Region, asked: WorkAsked): Promise<SupervisedWork>;
}

export interface WorkAsked {
  /** A region or a town: alerts count that lie in it now. */
  scope: string;
  spans: readonly Span[];
}

/** Who is told of a report: a unit by its code, or who is on duty, or who leads. */
export type TellRecipient = { unit: string } | { role: 'officers' | 'leaders' };
/**
 * Sends people a message about a report, each once however often this is asked.
 * @returns who is told: nobody where there is no connector for messages
 */
export type TellReport = (
  region: string,
  to: readonly TellRecipient[],
  news: { id: string; report: string; span: string; link: string },
) => Promise<readonly TellRecipient[]>;

/** What a unit has done with an alert. */
export interface DoneDeed {
  kind: 'received' | 'accepted' | 'handled' | 'extended' | 'audited' | 'recovered';
  alertId: string;
  town: string;
  at: number;
  late?: boolean;
  returned?: boolean;
  amountFen?: number;
}
export interface UnitWork {
  /** When it was so. */
  at: number;
  /** For each span that was asked for; deeds in no order. */
  spans: { figures: UnitSpanFigures; deeds: DoneDeed[] }[];
  /** With the unit then. `dueAt`: `NO_TERM` where none runs. */
  held: { alertId: string; dueAt: number }[];
}

export interface SupervisedThen {
  alertId: string;
  town: string;
  level: SupervisionLevel;
  number?: string;
  /** Code of the pack's unit, or, of one that it does not know, the text of the dispatch; left out where officers had to act. */
  unit?: string;
  at: number;
  answerBy?: number;
  state: LetterState;
  answeredAt?: number;
  /** As it stood when it was issued. */
  then: {
    facts: { tier: Tier; enterprise: { name: string }; workers: number; amountFen: number };
    stage: Stage;
    dueAt: number;
  };
}
export interface SupervisedWork {
  /** When it was so. */
  at: number;
  /** How many were issued in each span. */
  issued: number[];
  /** Those of the first span, in no order. */
  letters: SupervisedThen[];
}
