import type { Principal } from '../../../platform/http/principal.ts';
import { writeRefusal } from '../../../access/writeGrant.ts';
import { HttpProblem } from '../../../platform/http/problem.ts';
import type { IntakeRequest } from '../intakeRequest.ts';

/**
 * An intake that rejects, like any bad event, what the sender may not write, and ends when the sender is let in no
 * longer: a stream of events may last longer than the token that it came with.
 * @param holds whether what the sender was let in with is still in force
 */
export function allowedOnly(
  intake: IntakeRequest,
  principal: Principal,
  holds: (principal: Principal) => boolean,
): IntakeRequest {
  return {
    take(event, text) {
      const problem = writeRefusal(principal, event);
      if (problem === undefined) intake.take(event, text);
      else intake.refuse(text(), problem, event);
    },
    refuse: (text, problem, event) => intake.refuse(text, problem, event),
    async ready() {
      await intake.ready();
      if (!holds(principal))
        throw new HttpProblem(401, 'No longer let in', 'the token was revoked or has ended while it sent');
    },
    finish: () => intake.finish(),
    get durable() {
      return intake.durable;
    },
  };
}
