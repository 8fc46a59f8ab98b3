import { ANALYSIS_HELP, analysis } from './analysis/analysis.ts';
import { CALCULATION_HELP, calculation } from './calculation/calculation.ts';
import { DATA_HELP, data } from './data/data.ts';
import type { Request } from './request.ts';
import { ANALYSIS_LINE, CALCULATION_LINE, DATA_LINE, type WorkerModel } from './work-models.ts';

const models: Record<WorkerModel, { line: string; help: string; answer: (request: Request) => string | null }> = {
  analysis: { line: ANALYSIS_LINE, help: ANALYSIS_HELP, answer: analysis },
  calculation: { line: CALCULATION_LINE, help: CALCULATION_HELP, answer: calculation },
  data: { line: DATA_LINE, help: DATA_HELP, answer: data },
};

/** Whom to ask when a message is nothing for the model that was asked. Not `analysis`: it can measure any text. */
const others: readonly WorkerModel[] = ['data', 'calculation'];

/** An answer in Markdown. What is plainly another offline model's work is done by that one, which says so. */
export function work(model: WorkerModel, request: Request): string {
  for (const each of new Set([model, ...others])) {
    const answer = models[each].answer(request);
    if (answer !== null) return answer;
  }
  const { line, help } = models[model];
  return `${line}\n\n${help}`;
}
