/** Offline models that work in a thread of their own. What loads their libraries is in work.ts, for that thread alone. */
export const workerModels = ['analysis', 'calculation', 'data'] as const;
export type WorkerModel = (typeof workerModels)[number];

export const isWorkerModel = (model: string): model is WorkerModel => workerModels.some((each) => each === model);

/** Each answer begins with one of these; by it an answer of these models is known again and not worked on. */
export const ANALYSIS_LINE = 'No language model is at work: this model counts and measures a text by rules.';
export const CALCULATION_LINE = 'No language model is at work: this model calculates.';
export const DATA_LINE = 'No language model is at work: this model reads tables and carries out plain commands.';
export const lines = [ANALYSIS_LINE, CALCULATION_LINE, DATA_LINE];
