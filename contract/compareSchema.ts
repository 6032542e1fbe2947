import { Type } from 'typebox';
import { WINDOWS } from './codes.ts';

/** What pages are compared with from the beginning, as an address says it (`vs`): what means something at any moment. */
export const CompareSchema = Type.String({
  maxLength: 20,
  pattern: `^(day|week|month|year|window:(${WINDOWS.join('|')})|scope:[0-9]{6}([0-9]{3})?)$`,
  description: 'day, week, month or year (before), window:month, scope:330110005',
});
