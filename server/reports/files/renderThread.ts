import { parentPort, workerData } from 'node:worker_threads';
import { renderFiles, type RenderJob } from './renderFiles.ts';

/** A thread that makes the files of one report and ends: the libraries that it needs take memory, and it takes nobody's turn. */
parentPort!.postMessage(await renderFiles(workerData as RenderJob));
