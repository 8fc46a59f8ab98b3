/** What an offline model is asked. */
export interface Request {
  /** The person's last message. */
  text: string;
  /** What the person and others said before it, oldest first; without answers of offline models. */
  earlier: readonly string[];
}
