import { describe, expect, it } from 'vitest';
import { exportRowsUrl } from '../../../../web/http/exportUrls.ts';

const ids = (url: string) => new URL(url, 'http://wall').searchParams.getAll('id');

describe('the address of a few alerts as a file', () => {
  it('names their districts where the list is of several', () => {
    const rows = [
      { region: '330102', alertId: 'C-0' },
      { region: '330110', alertId: 'C-0' },
    ];
    expect(ids(exportRowsUrl(rows, '330100', 'en', 'csv'))).toEqual(['330102/C-0', '330110/C-0']);
    expect(ids(exportRowsUrl(rows, '330000', 'en', 'csv'))).toEqual(['330102/C-0', '330110/C-0']);
    expect(ids(exportRowsUrl(rows.slice(1), '330110', 'en', 'csv'))).toEqual(['C-0']);
    expect(ids(exportRowsUrl(rows.slice(1), '330110010', 'en', 'csv'))).toEqual(['C-0']);
  });
});
