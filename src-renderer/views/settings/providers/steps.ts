import type { ProviderTest, TestResult } from '../../../state/provider-tests.ts';
import { counted, duration, perSecond } from '../../../ui/format.ts';

/** `open`: not known, or not reached. */
export interface Step {
  title: string;
  value: string;
  state: 'ok' | 'failed' | 'open';
}

/** What a test shows, in the order in which a provider is asked. */
export function stepsOf(test: ProviderTest | undefined): [Step, Step, Step] {
  const result = test?.result;
  if (result == null) {
    const value = test?.running ? 'asked' : 'not asked';
    return [open('Models listed', value), open('First token', value), open('Streams', value)];
  }
  return [modelsStep(result), firstStep(result), streamStep(result)];
}

const open = (title: string, value: string): Step => ({ title, value, state: 'open' });
const failed = (title: string): Step => ({ title, value: 'failed', state: 'failed' });

function modelsStep({ models, answer, problem }: TestResult): Step {
  if (models !== null)
    return { title: `${sentence(counted(models.count, 'model'))} listed`, value: duration(models.ms), state: 'ok' };
  return problem !== null && answer === null ? failed('Models listed') : open('Models listed', 'named by hand');
}

function firstStep({ models, answer, problem }: TestResult): Step {
  if (answer !== null) return { title: 'First token', value: duration(answer.firstTokenMs), state: 'ok' };
  return problem !== null && models !== null ? failed('First token') : open('First token', 'not reached');
}

function streamStep({ answer, problem }: TestResult): Step {
  if (answer === null) return open('Streams', 'not reached');
  if (problem !== null) return failed('Streams');
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
