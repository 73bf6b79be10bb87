/** A reader for /api/openapi.json in one page without any foreign host. */
export const docsPage = `<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Peyvand API</title>
<style>
body{font:15px/1.5 system-ui,sans-serif;max-width:70rem;margin:2rem auto;padding:0 1rem;color:#1c2733}
h2{margin-top:2.5rem;border-bottom:1px solid #cdd6df}summary{cursor:pointer;padding:.3rem 0}
code,pre{font:13px/1.45 ui-monospace,monospace}pre{background:#f3f6f8;padding:.8rem;overflow:auto}
b{display:inline-block;width:4.5rem}b.GET{color:#0a6}b.POST{color:#06c}b.PATCH,b.PUT{color:#a60}b.DELETE{color:#c03}i{color:#64748b}
</style>
<h1>Peyvand API</h1>
<p>OpenAPI 3.1: <a href="openapi.json">openapi.json</a> · facts, AsyncAPI 3.0: <a href="asyncapi.json">asyncapi.json</a> · <a href="schemas">schemas of facts</a>.
Send <code>Authorization: Bearer …</code>, on every write a fresh <code>Idempotency-Key</code>, and <code>Accept-Language: fa</code> or <code>en</code>.</p>
<main>…</main>
<script>
const text = (tag, words, of = '') => Object.assign(document.createElement(tag), { textContent: words, className: of });
fetch('openapi.json').then((reply) => reply.json()).then((api) => {
  const main = document.querySelector('main'), schemas = api.components.schemas;
  const shape = (schema, depth = 0) => {
    if (!schema) return null;
    if (schema.$ref) return depth > 4 ? schema.$ref.split('/').pop() : shape(schemas[schema.$ref.split('/').pop()], depth + 1);
    if (schema.allOf) return shape(schema.allOf[0], depth);
    if (schema.properties) return Object.fromEntries(Object.entries(schema.properties).map(([name, one]) => [name + ((schema.required ?? []).includes(name) ? '' : '?'), shape(one, depth + 1)]));
    if (schema.anyOf) return schema.anyOf.map((one) => shape(one, depth + 1));
    if (schema.type === 'array') return [shape(schema.items, depth + 1)];
    if ('const' in schema) return schema.const;
    return schema.enum ? schema.enum.join(' | ') : [schema.type, schema.format ?? schema.pattern].filter(Boolean).join(' ');
  };
  main.textContent = '';
  for (const { name } of api.tags) {
    main.append(text('h2', name));
    for (const [path, methods] of Object.entries(api.paths)) for (const [method, route] of Object.entries(methods)) {
      if (!route.tags?.includes(name)) continue;
      const details = document.createElement('details'), summary = document.createElement('summary');
      summary.append(text('b', method.toUpperCase(), method.toUpperCase()), text('code', path), ' ', text('i', route['x-roles'] ? route['x-roles'].join(', ') : 'everybody'));
      details.append(summary);
      const query = (route.parameters ?? []).filter((one) => one.in === 'query').map((one) => one.name + (one.description ? ': ' + one.description : ''));
      if (query.length) details.append(text('pre', '?' + query.join('\\n?')));
      const body = route.requestBody?.content?.['application/json']?.schema;
      if (body) details.append(text('pre', JSON.stringify(shape(body), null, 2)));
      const answers = Object.entries(route.responses);
      for (const [status, answer] of answers) if (status < 300) {
        const media = Object.entries(answer.content ?? {}).map(([type, { schema }]) => type === 'application/json' ? JSON.stringify(shape(schema), null, 2) : type);
        details.append(text('pre', '→ ' + [status, ...media].join('\\n')));
      }
      // What any route may answer stands once in the document; here only what this one refuses.
      const refusals = answers.filter(([status, answer]) => status >= 400 && !answer.$ref).map(([status, answer]) => status + '\\n' + answer.description);
      if (refusals.length) details.append(text('pre', refusals.join('\\n')));
      main.append(details);
    }
  }
});
</script></html>
`;
