/** What is wrong with a value, right below it. */
export function Sentences({ id, sentences }: { readonly id?: string; readonly sentences: readonly string[] }) {
  if (sentences.length === 0) return null;
  return (
    <ul id={id} className="error-detail">
      {sentences.map((sentence) => (
        <li key={sentence}>{sentence}</li>
      ))}
    </ul>
  );
}
