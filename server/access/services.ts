import type { AccessControl } from './accessControl.ts';
import type { Directory } from './directory.ts';
import type { Displays } from './displays/displays.ts';
import type { Oidc } from './sessions/oidc.ts';
import type { People } from './people/people.ts';
import type { Sessions } from './sessions/sessions.ts';
import type { Throttle } from './sessions/throttle.ts';
import type { Tokens } from './tokens/tokens.ts';
import type { Trail } from './trail/trail.ts';

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
