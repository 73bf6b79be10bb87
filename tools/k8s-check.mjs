// Checks k8s/*.yaml offline: every field against a shape of its kind (an unknown or missing one is a fault), the restricted Pod Security
// standard, probes, and that names fit together. The shapes cover what these manifests use; a field they lack is added here on purpose.
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import Ajv from 'ajv';
import { loadAll } from 'js-yaml';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');

const text = { type: 'string', minLength: 1 };
const name = { type: 'string', pattern: '^[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?$' };
const whole = { type: 'integer', minimum: 0 };
const portRef = { anyOf: [{ type: 'integer', minimum: 1, maximum: 65535 }, { type: 'string', pattern: '^[a-z0-9-]{1,15}$' }] };
const table = { type: 'object', additionalProperties: { type: 'string' } };
const amounts = { type: 'object', additionalProperties: { type: 'string', pattern: '^[0-9.]+(m|Ki|Mi|Gi)?$' } };
const object = (properties, required = []) => ({ type: 'object', properties, required, additionalProperties: false });
const list = (items, min = 1) => ({ type: 'array', items, minItems: min });

const metadata = object({ name, namespace: name, labels: table, annotations: table }, ['name']);
const selector = object({ matchLabels: table }, ['matchLabels']);
const probe = object({
  httpGet: object({ path: { type: 'string', pattern: '^/' }, port: portRef, scheme: { enum: ['HTTP', 'HTTPS'] } }, ['path', 'port']),
  periodSeconds: whole, timeoutSeconds: whole, failureThreshold: whole, initialDelaySeconds: whole, successThreshold: whole,
}, ['httpGet']);
const variable = object({
  name: { type: 'string', pattern: '^[A-Z_][A-Z0-9_]*$' }, value: { type: 'string' },
  valueFrom: object({ secretKeyRef: object({ name, key: text, optional: { type: 'boolean' } }, ['name', 'key']), configMapKeyRef: object({ name, key: text }, ['name', 'key']) }),
}, ['name']);
const container = object({
  name, image: text, imagePullPolicy: { enum: ['Always', 'IfNotPresent', 'Never'] }, command: list(text), args: list(text),
  ports: list(object({ name, containerPort: { type: 'integer', minimum: 1, maximum: 65535 }, protocol: { enum: ['TCP', 'UDP'] } }, ['containerPort'])),
  env: list(variable), envFrom: list(object({ configMapRef: object({ name }, ['name']), secretRef: object({ name }, ['name']), prefix: text })),
  startupProbe: probe, livenessProbe: probe, readinessProbe: probe, resources: object({ requests: amounts, limits: amounts }),
  securityContext: object({
    allowPrivilegeEscalation: { type: 'boolean' }, readOnlyRootFilesystem: { type: 'boolean' }, runAsNonRoot: { type: 'boolean' }, runAsUser: whole,
    capabilities: object({ drop: list(text), add: list(text, 0) }),
  }),
  volumeMounts: list(object({ name, mountPath: { type: 'string', pattern: '^/' }, readOnly: { type: 'boolean' } }, ['name', 'mountPath'])),
}, ['name', 'image']);
const pod = object({
  automountServiceAccountToken: { type: 'boolean' }, serviceAccountName: name, terminationGracePeriodSeconds: whole, restartPolicy: { enum: ['Always', 'OnFailure', 'Never'] },
  securityContext: object({ runAsNonRoot: { type: 'boolean' }, runAsUser: whole, runAsGroup: whole, fsGroup: whole, seccompProfile: object({ type: { enum: ['RuntimeDefault', 'Localhost', 'Unconfined'] } }, ['type']) }),
  topologySpreadConstraints: list(object({ maxSkew: whole, topologyKey: text, whenUnsatisfiable: { enum: ['ScheduleAnyway', 'DoNotSchedule'] }, labelSelector: selector }, ['maxSkew', 'topologyKey', 'whenUnsatisfiable'])),
  containers: list(container), initContainers: list(container, 0),
  volumes: list(object({ name, emptyDir: object({ sizeLimit: text, medium: text }), configMap: object({ name }), secret: object({ secretName: name }) }, ['name'])),
}, ['containers']);
const template = object({ metadata: object({ labels: table, annotations: table }, ['labels']), spec: pod }, ['metadata', 'spec']);

const shapes = {
  'v1/Namespace': {},
  'v1/ConfigMap': { data: table },
  'v1/Service': { spec: object({ type: { enum: ['ClusterIP', 'NodePort', 'LoadBalancer'] }, clusterIP: text, selector: table, ports: list(object({ name, port: { type: 'integer', minimum: 1, maximum: 65535 }, targetPort: portRef, protocol: { enum: ['TCP'] } }, ['port'])) }, ['selector', 'ports']) },
  'apps/v1/Deployment': {
    spec: object({ replicas: whole, selector, strategy: object({ type: { enum: ['RollingUpdate', 'Recreate'] }, rollingUpdate: object({ maxUnavailable: whole, maxSurge: whole }) }), template, minReadySeconds: whole, revisionHistoryLimit: whole }, ['selector', 'template']),
  },
  'batch/v1/Job': { spec: object({ backoffLimit: whole, activeDeadlineSeconds: whole, ttlSecondsAfterFinished: whole, template }, ['template']) },
  'policy/v1/PodDisruptionBudget': { spec: object({ maxUnavailable: portRef, minAvailable: portRef, selector }, ['selector']) },
};
const ajv = new Ajv({ allErrors: true });
const checks = Object.fromEntries(Object.entries(shapes).map(([kind, more]) =>
  [kind, ajv.compile(object({ apiVersion: text, kind: text, metadata, ...more }, ['apiVersion', 'kind', 'metadata', ...Object.keys(more)]))]));

/** Every fault of these documents, as sentences; empty when they are good. `documents` are { file, body }. */
export function faultsOf(documents) {
  const faults = [];
  const all = documents.map(({ body }) => body);
  const names = new Set();
  for (const { file, body } of documents) {
    const at = `${file}: ${body?.kind} ${body?.metadata?.name}`;
    const check = checks[`${body?.apiVersion}/${body?.kind}`];
    if (check === undefined) {
      faults.push(`${at}: ${body?.apiVersion}/${body?.kind} is no kind this check knows`);
      continue;
    }
    if (!check(body)) for (const { instancePath, message, params } of check.errors) faults.push(`${at}: ${instancePath || '/'} ${message}${params.additionalProperty ? ` (${params.additionalProperty})` : ''}`);
    if (names.has(`${body.kind}/${body.metadata.name}`)) faults.push(`${at}: there are two of this name`);
    names.add(`${body.kind}/${body.metadata.name}`);
    const podSpec = body.spec?.template?.spec;
    if (podSpec) faults.push(...podFaults(podSpec, body, all).map((fault) => `${at}: ${fault}`));
    if (body.kind === 'Deployment' && !covers(body.spec.selector?.matchLabels, body.spec.template?.metadata?.labels)) faults.push(`${at}: the selector does not match the template's labels`);
    if (['Service', 'PodDisruptionBudget'].includes(body.kind)) faults.push(...selected(body, all).map((fault) => `${at}: ${fault}`));
  }
  return faults;
}

/** Restricted Pod Security (Kubernetes 1.34), probes of what serves, and references inside the set. */
function podFaults(spec, { kind }, all) {
  const faults = [];
  const own = spec.securityContext ?? {};
  if (own.runAsNonRoot !== true || !(own.runAsUser > 0)) faults.push('the pod must run as a numeric uid other than root (runAsNonRoot, runAsUser)');
  if (own.seccompProfile?.type !== 'RuntimeDefault') faults.push('seccompProfile must be RuntimeDefault');
  for (const one of [...(spec.containers ?? []), ...(spec.initContainers ?? [])]) {
    const context = one.securityContext ?? {};
    if (context.allowPrivilegeEscalation !== false) faults.push(`${one.name}: allowPrivilegeEscalation must be false`);
    if (!(context.capabilities?.drop ?? []).includes('ALL') || (context.capabilities?.add ?? []).length > 0) faults.push(`${one.name}: all capabilities must be dropped`);
    if (context.readOnlyRootFilesystem === true && !(one.volumeMounts ?? []).some(({ mountPath }) => mountPath === '/tmp')) faults.push(`${one.name}: a read-only root needs a volume at /tmp`);
    if (one.resources?.requests?.memory === undefined || one.resources?.limits?.memory === undefined) faults.push(`${one.name}: memory needs a request and a limit`);
    if (kind === 'Deployment') for (const [field, path] of [['livenessProbe', '/healthz'], ['readinessProbe', '/readyz']]) if (one[field]?.httpGet?.path !== path) faults.push(`${one.name}: ${field} must ask ${path}`);
    for (const field of ['startupProbe', 'livenessProbe', 'readinessProbe']) {
      const port = one[field]?.httpGet?.port;
      if (typeof port === 'string' && !(one.ports ?? []).some((open) => open.name === port)) faults.push(`${one.name}: ${field} asks the port ${port}, which is not open`);
    }
    for (const mount of one.volumeMounts ?? []) if (!(spec.volumes ?? []).some((volume) => volume.name === mount.name)) faults.push(`${one.name}: there is no volume ${mount.name}`);
    for (const { configMapRef } of one.envFrom ?? []) if (configMapRef && !all.some((other) => other?.kind === 'ConfigMap' && other.metadata.name === configMapRef.name)) faults.push(`${one.name}: there is no ConfigMap ${configMapRef.name}`);
  }
  return faults;
}

function selected({ kind, spec }, all) {
  const wanted = kind === 'Service' ? spec?.selector : spec?.selector?.matchLabels;
  const target = all.find((other) => other?.kind === 'Deployment' && covers(wanted, other.spec?.template?.metadata?.labels));
  if (target === undefined) return ['it selects no pod of this set'];
  const open = target.spec.template.spec.containers.flatMap(({ ports = [] }) => ports);
  return (spec.ports ?? []).filter(({ targetPort }) => targetPort !== undefined && !open.some((port) => port.name === targetPort || port.containerPort === targetPort)).map(({ targetPort }) => `no container opens the port ${targetPort}`);
}

const covers = (selectorLabels, labels) => selectorLabels !== undefined && Object.entries(selectorLabels).every(([key, value]) => labels?.[key] === value);

/** The documents of every manifest of a folder. */
export const readManifests = (folder) => readdirSync(folder).filter((file) => /\.ya?ml$/.test(file)).sort()
  .flatMap((file) => loadAll(readFileSync(join(folder, file), 'utf8')).filter(Boolean).map((body) => ({ file: `k8s/${file}`, body })));

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const documents = readManifests(join(root, 'k8s'));
  const faults = faultsOf(documents);
  for (const fault of faults) console.error(fault);
  console.log(`${documents.length} resources, ${faults.length} faults`);
  process.exitCode = faults.length === 0 && documents.length > 0 ? 0 : 1;
}
