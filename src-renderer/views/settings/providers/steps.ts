import type { ProviderTest, TestResult } from '../../../state/provider-tests.ts';
import { counted, duration, perSecond } from '../../../ui/format.ts';

/** `open`: not known, or not reached. */
export interface Step {
  title: string;
  value: string;
  state: 'ok' | 'failed' | 'open';
}

/** What a test shows, in the order in which a provider is asked. `fixedModels`: they are named by hand, not asked for. */
export function stepsOf(test: ProviderTest | undefined, fixedModels: boolean): [Step, Step, Step] {
  const result = test?.result;
  if (result == null) {
    const value = test?.running ? 'asked' : test?.unfinished ? 'not known' : 'not asked';
    const models = open('Models listed', fixedModels ? BY_HAND : value);
    return [models, open('First token', value), open('Streams', value)];
  }
  return [modelsStep(result, fixedModels), firstStep(result, fixedModels), streamStep(result)];
}

const BY_HAND = 'named by hand';
const open = (title: string, value: string): Step => ({ title, value, state: 'open' });
const failed = (title: string): Step => ({ title, value: 'failed', state: 'failed' });

function modelsStep({ models, problem }: TestResult, fixedModels: boolean): Step {
  if (models !== null)
    return { title: `${sentence(counted(models.count, 'model'))} listed`, value: duration(models.ms), state: 'ok' };
  return fixedModels || problem === null ? open('Models listed', BY_HAND) : failed('Models listed');
}

function firstStep({ models, answer }: TestResult, fixedModels: boolean): Step {
  if (answer !== null) return { title: 'First token', value: duration(answer.firstTokenMs), state: 'ok' };
  return models !== null || fixedModels ? failed('First token') : open('First token', 'not reached');
}

function streamStep({ models, answer, problem }: TestResult): Step {
  if (answer === null) return open('Streams', 'not reached');
  // Without a list the problem is that of the list.
  if (problem !== null && models !== null) return failed('Streams');
  if (answer.buffered) return { title: 'Comes in one piece', value: 'does not stream', state: 'ok' };
  const { tokensPerSecond } = answer;
  return {
    title: 'Streams',
    value: tokensPerSecond === null ? 'too short to tell' : perSecond(tokensPerSecond),
    state: 'ok',
  };
}

const sentence = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);

/** For a screen reader, when a test has ended. */
export function testSaid(name: string, { problem, answer }: TestResult): string {
  if (problem !== null) return `${name}: ${problem.message}`;
  return answer === null ? `${name} answers.` : `${name} answers. First token after ${duration(answer.firstTokenMs)}.`;
}
