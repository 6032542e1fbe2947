import { TAKEN_OUT } from './plainText.ts';

/**
 * Where somebody lives or a shop is, to the house, and number plates: a position is shown as a cell of 0.7 km², so a road and
 * its number may not be told beside it. Towns, villages and roads alone stay. @param text plain (plainText.ts)
 */
export function maskPlaces(text: string): string {
  return text
    .replace(PLATE, TAKEN_OUT)
    .replace(LIVES, (found, before: string, where: string) => (IS_WHERE.test(where) ? `${before}${TAKEN_OUT}` : found))
    .replace(ON_ROAD, (_found, road: string) => `${divisionsOf(road)}${TAKEN_OUT}`)
    .replace(IN_HOUSE, TAKEN_OUT);
}

/** 浙A12345, 浙A·D12345, 鲁H 88888. */
const PLATE =
  /[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼]\s?[A-Za-z](?:[\s·•.-]?[A-Za-z0-9]){5,6}(?![A-Za-z0-9])[挂学警]?/gu;
/** After a word for somebody's home, to the end of the clause. */
const LIVES = /((?:住址|家住|现住|居住在|居住于|住所地|家庭地址|户籍地|身份证地址)[:为是在]?\s*)([^,;。!?]{2,})/gu;
/** Not a site's dormitory. */
const IS_WHERE = /[0-9路街巷弄村幢栋苑园城府寓]|小区|号/u;
const NUMBER = '[0-9一二三四五六七八九十百零]+';
const PART = `(?:${NUMBER}(?:-${NUMBER})*\\s?(?:号楼|幢|栋|单元|号门|室|楼|层|座|户))`;
/** 古墩路1234号5幢3单元602室, with what of the division stands before it. */
const ON_ROAD = new RegExp(
  `(\\p{Script=Han}{1,12}?(?:大道|路|街|巷|弄|胡同|(?<!街)道|里|村|桥|组))\\s?(?:${NUMBER}(?:[-之]${NUMBER})?\\s?[号弄](?!线|标|地块)(?:之${NUMBER})?)\\s?(?:[、,]?\\s?${PART})*`,
  'gu',
);
/** 12幢1单元301; a building, and a storey of it, is anybody's: 3号楼2层工地. */
const IN_HOUSE = new RegExp(
  `${PART}\\s?(?:${PART}\\s?)*${NUMBER}(?:-${NUMBER})*\\s?(?:单元|室|户)\\s?(?:${NUMBER}(?!\\s?[人名元万天月日年个]))?`,
  'gu',
);

/** Of what stands before a house number the divisions: 良渚街道 of 良渚街道古墩路. */
function divisionsOf(road: string): string {
  return /^.*(?:街道|社区|[省市区县镇乡位于址住在])(?=.)/u.exec(road)?.[0] ?? '';
}
