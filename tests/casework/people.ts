import { ALERT_EVENT_TYPES } from '../../contract/codes.ts';
import { hashToken, mintToken } from '../../server/access/secret.ts';
import { loadPack } from '../support/packs.ts';

/** Who acts in the model of casework: people of every role, with and without a unit, and programs outside. */

export const REGION = '330110';
export const PACK = loadPack(REGION);
/** Each has a unit of its own. */
export const [TOWN, OTHER_TOWN] = ['330110010', '330110001'] as const;
export const [TOWN_UNIT, OTHER_UNIT, BRIGADE] = ['town-010', 'town-001', 'brigade'] as const;

export interface Person {
  role: 'handler' | 'officer' | 'leader' | 'admin' | 'display';
  /** A region or a town. */
  scope: string;
  unit?: string;
}
export const PEOPLE = {
  officer: { role: 'officer', scope: REGION },
  unitOfficer: { role: 'officer', scope: REGION, unit: BRIGADE },
  townOfficer: { role: 'officer', scope: OTHER_TOWN },
  handler: { role: 'handler', scope: REGION, unit: BRIGADE },
  colleague: { role: 'handler', scope: REGION, unit: BRIGADE },
  townHandler: { role: 'handler', scope: TOWN, unit: TOWN_UNIT },
  otherHandler: { role: 'handler', scope: REGION, unit: OTHER_UNIT },
  leader: { role: 'leader', scope: REGION },
  admin: { role: 'admin', scope: REGION },
  display: { role: 'display', scope: REGION },
} as const satisfies Record<string, Person>;
export type Who = keyof typeof PEOPLE;
export const WHO = Object.keys(PEOPLE) as Who[];
export const personOf = (who: Who): Person => PEOPLE[who];

/** A platform raises nothing and amends nothing. */
const MAY = ALERT_EVENT_TYPES.filter((type) => type !== 'wage.alert.raised' && type !== 'wage.alert.amended');

/** Programs outside: a source that is trusted, one whose alerts are dispatched, and two platforms. */
export const SENDERS = {
  trusted: { source: 'urn:source', trusted: true },
  marked: { source: 'urn:marked', alerts: ['MK-'], may: ['wage.alert.raised', 'wage.alert.amended'], dispatch: true },
  triColour: { source: 'urn:tri', platform: 'tri-colour', may: MAY },
  fourPlatforms: { source: 'urn:four', platform: 'four-platforms', may: MAY },
} as const;
export type Sender = keyof typeof SENDERS;

export type Name = Who | Sender;
export const SECRETS = Object.fromEntries(
  [...WHO, ...Object.keys(SENDERS)].map((name) => [name, mintToken()]),
) as Record<Name, string>;

/** The file that lets all of them in. */
export const accessFile = () =>
  JSON.stringify({
    tokens: [
      ...WHO.map((name) => ({ name, ...PEOPLE[name], hash: hashToken(SECRETS[name]) })),
      ...Object.entries(SENDERS).map(([name, grant]) => ({
        name,
        role: 'ingest',
        scope: REGION,
        ...grant,
        hash: hashToken(SECRETS[name as Sender]),
      })),
    ],
  });

/** The code of the unit that a text means, whatever its white space; undefined where it is none of the pack. */
export function unitMeant(text: string | undefined): string | undefined {
  const given = text?.normalize('NFKC').replaceAll(/\s/g, '');
  return PACK.units!.find(({ code, name }) => code === given || name['zh-CN'] === given)?.code;
}
