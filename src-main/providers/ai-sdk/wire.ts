import { isRecord } from '#shared/kit/record.ts';
import { type Complaint, complaintOf } from '../refusal.ts';
import { type EventStream, eventStream } from '../sse.ts';

/**
 * What an event means for the course of the answer. `finished`: the provider has said why it finished, only figures can
 * follow. `figures`: the last of them, the end when it has finished. `ended`: nothing more comes. `foreign`: no event of
 * this dialect. A complaint: an error that it tells.
 */
export type Course = 'more' | 'finished' | 'figures' | 'ended' | 'foreign' | Complaint;

/** Called with one event: its JSON, its name, and its own bytes where they are no text. */
export type Each = (data: string, name: string | undefined, bytes?: Uint8Array) => void;

/** How a dialect lies on the wire: as much of it as is needed to tell a whole answer from a broken one. */
export interface Wire {
  events(provider: string, each: Each): EventStream;
  courseOf(event: Record<string, unknown>, name: string | undefined): Course;
  /** What came in one piece is an answer; a package may take anything for one. */
  isAnswer?(json: Record<string, unknown>): boolean;
}

const isText = (value: unknown) => typeof value === 'string' && value !== '';
const isThere = (value: unknown) => value !== undefined && value !== null;

/** Chat completions. */
export const chatWire: Wire = {
  events: eventStream,
  courseOf(event) {
    if (isThere(event.error) || event.object === 'error') return complaintOf(event);
    if (!isThere(event.choices)) return 'foreign';
    const choice: unknown = Array.isArray(event.choices) ? event.choices[0] : undefined;
    return isRecord(choice) && isText(choice.finish_reason) ? 'finished' : 'more';
  },
};

/** OpenAI's responses. */
export const responsesWire: Wire = {
  events: eventStream,
  courseOf({ type, error, response, ...told }) {
    if (type === 'error') return complaintOf({ error: isRecord(error) ? error : told });
    if (type === 'response.failed') return complaintOf({ error: isRecord(response) ? response.error : undefined });
    if (type === 'response.completed' || type === 'response.incomplete' || type === 'response.done') return 'ended';
    return typeof type === 'string' && said.test(type) ? 'more' : 'foreign';
  },
};

/** What an answer is made of; there are many more events, and new ones come. */
const said =
  /^response\.(created|in_progress|output_item\.|content_part\.|output_text\.(delta|done)|refusal\.|reasoning_\w+\.|function_call_arguments\.)/;

/** Google's generateContent. Older models give a finish reason with every piece, so none of them is the end. */
export const googleWire: Wire = {
  events: eventStream,
  courseOf({ error, candidates, promptFeedback }) {
    if (isThere(error)) return complaintOf({ error });
    if (isRecord(promptFeedback) && isText(promptFeedback.blockReason)) return 'finished';
    const candidate: unknown = Array.isArray(candidates) ? candidates[0] : undefined;
    if (!isRecord(candidate)) return 'more';
    return isText(candidate.finishReason) && candidate.finishReason !== 'CONTINUATION' ? 'finished' : 'more';
  },
  isAnswer: ({ candidates, promptFeedback }) => Array.isArray(candidates) || isRecord(promptFeedback),
};
