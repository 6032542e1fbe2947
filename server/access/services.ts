import type { AccessControl } from './accessControl.ts';
import type { Directory } from './directory.ts';
import type { Displays } from './displays.ts';
import type { Oidc } from './oidc.ts';
import type { People } from './people.ts';
import type { Sessions } from './sessions.ts';
import type { Throttle } from './throttle.ts';
import type { Tokens } from './tokens.ts';
import type { Trail } from './trail.ts';

/** All that the routes of access are made from. */
export interface AccessServices {
  access: AccessControl;
  directory: Directory;
  people: People;
  sessions: Sessions;
  tokens: Tokens;
  displays: Displays;
  throttle: Throttle;
  trail: Trail;
  oidc?: Oidc;
  now: () => number;
}
