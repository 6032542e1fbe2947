import { features } from './features.ts';
import { runProgram } from './program.ts';

await runProgram(features);
