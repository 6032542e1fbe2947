import type { FileRule } from '../../../contract/attachmentLimits.ts';
import { HttpProblem } from '../http/problem.ts';

/** A file that is not taken: `422` with the rule that names why. @param detail a sentence for whoever sent it */
export function fileRefused(rule: FileRule, detail: string): HttpProblem {
  return new HttpProblem(422, 'File is not taken', detail, rule === 'file-name' ? 'name' : undefined, { rule });
}
