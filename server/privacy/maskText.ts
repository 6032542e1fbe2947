import { maskNumbers } from './maskNumbers.ts';
import { maskPersons } from './maskPersons.ts';
import { maskPlaces } from './maskPlaces.ts';
import { withoutName, type NameCores } from './nameCores.ts';
import { plainText } from './plainText.ts';

/**
 * Free text without what would name a person or the enterprise that it is about: phones, identity and account numbers,
 * addresses of houses and of e-mail, number plates, names. Meant to take too much rather than too little; a name that neither a word beside it nor its
 * form gives away is missed, so notes are not shown to displays at all. Pure.
 * @param about names of the enterprise and the project, and their numbers
 */
export function maskText(text: string, about: readonly NameCores[] = []): string {
  let masked = plainText(text);
  for (const name of about) masked = withoutName(masked, name);
  return chinesePunctuation(maskPersons(maskNumbers(maskPlaces(masked)).replace(COMPANY, company)));
}

const WIDE: Readonly<Record<string, string>> = { ',': '，', ';': '；', ':': '：', '?': '？', '!': '！' };

/** Punctuation beside Chinese characters as Chinese has it: where names are looked for, all of it is as in ASCII. */
function chinesePunctuation(text: string): string {
  return text.replace(/(?<=\p{Script=Han})[,;:?!](?! )|[,;:?!](?=\p{Script=Han})/gu, (mark) => WIDE[mark]!);
}

/** Any other enterprise by its full name. */
const COMPANY = new RegExp(
  `[\\p{Script=Han}A-Za-z0-9()*]{2,30}?(?:(?:有限责任公司|有限公司|集团公司)(?:\\p{Script=Han}{1,8}?分公司)?|分公司|经营部|商行(?!政)|门市部|工作室|事务所|合作社)`,
  'gu',
);
/** Words before such a name that are no part of it. */
const LEAD = /^.*(?:经查|由于|其中|目前|涉及|反映|投诉|举报|[由与和对向因在系为是被给到从及称于])(?=.{2})/u;

function company(found: string): string {
  const lead = LEAD.exec(found)?.[0] ?? '';
  return found.includes('***') ? found : `${lead}某企业`;
}
