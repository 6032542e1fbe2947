import { describe, expect, it, vi } from 'vitest';
import { errorText, isAt, ownPath, rateOf } from '../../../../../web/shell/display/commands.ts';
import { displayLine } from '../../../../../web/live/displayLine.ts';

describe('a display', () => {
  it('is where it is to be, whatever the order of its settings', () => {
    expect(isAt('/wall?lang=en&scope=330110', '/wall?scope=330110&lang=en')).toBe(true);
    expect(isAt('/wall', '/wall?')).toBe(true);
    expect(isAt('/wall?scope=330110', '/wall?scope=330111')).toBe(false);
    expect(isAt('/kiosk/330110010', '/wall')).toBe(false);
  });

  it('goes nowhere but to pages of its own site', () => {
    for (const path of ['/wall?x=1', '/kiosk/330110010']) expect(ownPath(path)).toBe(true);
    for (const path of ['//evil.example', '/\\evil.example', 'http://evil.example', 'javascript:alert(1)', ''])
      expect(ownPath(path)).toBe(false);
  });

  it('tells of an error without what its address carries', () => {
    expect(errorText('failed\n at http://host/a?token=secret#x y')).toBe('failed at http://host/a y');
    expect(errorText('x'.repeat(900))).toHaveLength(500);
  });

  it('counts pictures by the time between the first and the last', () => {
    expect(rateOf([0, 20, 40, 60])).toBe(50);
    expect(rateOf([5])).toBeUndefined();
    expect(rateOf([5, 5])).toBeUndefined();
  });

  it('hears what was said before it listened', () => {
    const early = { kind: 'show', path: '/wall', name: 'a' } as const;
    displayLine.command(early);
    const heard = vi.fn();
    const stop = displayLine.onCommand(heard);
    displayLine.command({ kind: 'reload' });
    expect(heard.mock.calls.map(([command]) => command as unknown)).toEqual([early, { kind: 'reload' }]);
    stop();
  });
});
