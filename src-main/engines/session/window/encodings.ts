/** Tokenizers that are here. */
export type Encoding = 'o200k_base' | 'cl100k_base';

/**
 * By which of them a model counts: by its name, which may stand behind that of its maker (`openai/gpt-4o`), in a
 * deployment's (`eu-gpt-4o`) or before that of a fine-tune. Undefined: none of these, it can only be estimated.
 */
export function encodingOf(model: string): Encoding | undefined {
  const name = model.toLowerCase();
  if (/(?:^|[/.:_-])(?:chat)?gpt-?(?:4o|4\.1|4\.5|[5-9]|oss)/.test(name)) return 'o200k_base';
  if (/(?:^|\/)(?:o[1-9]|codex-mini)(?:$|[-:])/.test(name)) return 'o200k_base';
  if (/(?:^|[/.:_-])gpt-?(?:4|3\.?5)(?:$|[-:_])/.test(name)) return 'cl100k_base';
  return undefined;
}
