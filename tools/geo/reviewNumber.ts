/**
 * 审图号: the number under which an authority has approved a map, such as GS(2019)1822号,
 * GS京(2022)0145号, 浙S(2021)36号, 浙杭S〔2023〕12号: whose it is, the year, a running number.
 */
const REVIEW_NUMBER =
  /^(?:GS\p{Script=Han}?|\p{Script=Han}{1,3}S)\s*[(\uFF08\u3014[]\s*(?:19|20)\d{2}\s*[)\uFF09\u3015\]]\s*第?\s*\d{1,6}\s*号$/u;

/** The number as it is to be shown (without a leading 审图号:), or undefined if it does not look like one. */
export function parseReviewNumber(text: string): string | undefined {
  const number = text.trim().replace(/^审图号\s*[:\uFF1A]?\s*/u, '');
  return REVIEW_NUMBER.test(number) ? number : undefined;
}
