// npm run k8s:check: the manifests under k8s/, offline and in a second. Every field against the Kubernetes API's own shapes (carried in
// k8s/schemas, unknown fields refused), then what the shapes cannot say: restricted Pod Security, probes, releases, names that fit
// together. With K8S_CHECK=server the API server of the current kubectl context tries them as well: a dry run, for which only the two
// namespaces are made where they are missing.
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import Ajv from 'ajv';
import { loadAll } from 'js-yaml';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const folder = join(root, 'k8s');

const { kinds, $defs } = JSON.parse(readFileSync(join(folder, 'schemas', 'kubernetes.json'), 'utf8'));
const ajv = new Ajv({ allErrors: true, strict: false });
const checks = new Map(Object.entries(kinds).map(([kind, definition]) => [kind, ajv.compile({ $ref: `#/$defs/${definition}`, $defs })]));

/** Every document under k8s/ but the kustomization, as { file, body }. */
export const readManifests = () => manifestFiles().flatMap((file) =>
  loadAll(readFileSync(join(folder, file), 'utf8')).filter(Boolean).map((body) => ({ file: `k8s/${file}`, body })));

const manifestFiles = () => readdirSync(folder, { recursive: true }).map(String).filter((file) => /\.ya?ml$/.test(file) && file !== 'kustomization.yaml').sort();

/** Every fault of these documents, as sentences; empty when they are good. */
export function faultsOf(documents) {
  const all = documents.map(({ body }) => body);
  return [
    ...documents.flatMap(({ file, body }) => [...shapeFaults(body), ...(ruleOf[body?.kind]?.(body, all) ?? [])].map((fault) => `${file}: ${body?.kind} ${body?.metadata?.name}: ${fault}`)),
    ...twice(all),
  ];
}

function shapeFaults(body) {
  const kind = `${body?.apiVersion} ${body?.kind}`;
  const check = checks.get(kind);
  if (check === undefined) return [`${kind} is no kind this check knows; add it to k8s/schemas`];
  if (check(body)) return [];
  return check.errors.map(({ instancePath, message, params }) => `${instancePath || '/'} ${message}${params.additionalProperty === undefined ? '' : ` (${params.additionalProperty})`}`);
}

const ruleOf = {
  Namespace: ({ metadata }) => (metadata.labels?.['pod-security.kubernetes.io/enforce'] === 'restricted' ? [] : ['must enforce the restricted Pod Security standard']),
  Deployment: (body, all) => [...podFaults(body, all), ...servingFaults(body, all)],
  Job: (body, all) => [...podFaults(body, all), ...jobFaults(body)],
  Service: (body, all) => selects(body.spec.selector, body.spec.ports, all),
  PodDisruptionBudget: (body, all) => selects(body.spec.selector?.matchLabels, [], all),
  HorizontalPodAutoscaler: ({ spec }, all) => [
    ...(named(all, 'Deployment', spec.scaleTargetRef?.name) === undefined ? [`there is no Deployment ${spec.scaleTargetRef?.name}`] : []),
    ...(spec.maxReplicas > partitions ? [`more than ${partitions} pods would have no partition to read`] : []),
  ],
  HTTPRoute: ({ spec }, all) => (spec.rules ?? []).flatMap(({ matches = [], backendRefs = [] }) => [
    ...backendRefs.filter(({ name, port }) => !(named(all, 'Service', name)?.spec.ports ?? []).some((open) => open.port === port)).map(({ name, port }) => `no Service ${name} with port ${port}`),
    ...matches.filter(({ path }) => !/^\/(api|\.well-known)(\/|$)/.test(path?.value ?? '/')).map(({ path }) => `${path?.value ?? '/'} would show probes and metrics to the public`),
  ]),
  KafkaTopic: ({ spec }) => [
    ...(spec.partitions === partitions ? [] : [`a topic has ${partitions} partitions, always`]),
    ...(Number(spec.config?.['retention.ms']) === 30 * 86_400_000 ? [] : ['topics keep 30 days']),
  ],
};
const partitions = 24;

/** Restricted Pod Security (Kubernetes 1.34), memory, images, and references inside the set. */
function podFaults({ spec: { template } }, all) {
  const { spec } = template;
  const own = spec.securityContext ?? {};
  const containers = [...(spec.initContainers ?? []), ...(spec.containers ?? [])];
  return [
    ...must(own.runAsNonRoot === true && Number.isInteger(own.runAsUser) && own.runAsUser > 0, 'the pod must run as a numeric uid other than root (runAsNonRoot, runAsUser)'),
    ...must(own.seccompProfile?.type === 'RuntimeDefault', 'seccompProfile must be RuntimeDefault'),
    ...must(spec.automountServiceAccountToken === false, 'no process speaks to the Kubernetes API: automountServiceAccountToken must be false'),
    ...must(!spec.hostNetwork && !spec.hostPID && !spec.hostIPC, 'host namespaces are not restricted'),
    ...(spec.volumes ?? []).filter((volume) => !['emptyDir', 'configMap', 'secret', 'projected', 'persistentVolumeClaim', 'downwardAPI'].some((kind) => kind in volume)).map(({ name }) => `the volume ${name} is of a kind that restricted pods may not have`),
    ...(spec.volumes ?? []).filter(({ persistentVolumeClaim: claim }) => claim && named(all, 'PersistentVolumeClaim', claim.claimName) === undefined).map(({ name }) => `the volume ${name} claims what is not in this set`),
    ...must(spec.serviceAccountName === undefined || named(all, 'ServiceAccount', spec.serviceAccountName) !== undefined, `there is no ServiceAccount ${spec.serviceAccountName}`),
    ...containers.flatMap((one) => containerFaults(one, spec, all).map((fault) => `${one.name}: ${fault}`)),
  ];
}

function containerFaults(one, spec, all) {
  const context = one.securityContext ?? {};
  const mounts = one.volumeMounts ?? [];
  return [
    ...must(/:[^:/@]+$|@sha256:[0-9a-f]{64}$/.test(one.image ?? '') && !/:latest$/.test(one.image ?? ''), 'the image needs the tag of a release, not latest'),
    ...must(context.allowPrivilegeEscalation === false && context.privileged !== true, 'allowPrivilegeEscalation must be false'),
    ...must((context.capabilities?.drop ?? []).includes('ALL') && (context.capabilities?.add ?? []).length === 0, 'all capabilities must be dropped'),
    ...must(context.readOnlyRootFilesystem === true, 'the root filesystem must be read-only'),
    ...must(mounts.some(({ mountPath }) => mountPath === '/tmp'), 'a read-only root needs a volume at /tmp'),
    ...must(one.resources?.requests?.cpu !== undefined && one.resources?.requests?.memory !== undefined && one.resources?.limits?.memory !== undefined, 'requests for cpu and memory and a memory limit are needed'),
    ...mounts.filter(({ name }) => !(spec.volumes ?? []).some((volume) => volume.name === name)).map(({ name }) => `there is no volume ${name}`),
    ...(one.envFrom ?? []).filter(({ configMapRef }) => configMapRef && named(all, 'ConfigMap', configMapRef.name) === undefined).map(({ configMapRef }) => `there is no ConfigMap ${configMapRef.name}`),
    ...(one.env ?? []).filter(({ name, value }) => value !== undefined && /PASSWORD|DATABASE_URL|SECRET|TOKEN/.test(name)).map(({ name }) => `${name} belongs into a Secret`),
  ];
}

/** Probes of what serves, time to end, and one owner of the number of pods. */
function servingFaults({ metadata, spec }, all) {
  const pod = spec.template.spec;
  const scaled = all.some((other) => other?.kind === 'HorizontalPodAutoscaler' && other.spec.scaleTargetRef?.name === metadata.name);
  const shutdownMs = Math.max(0, ...all.filter((other) => other?.kind === 'ConfigMap').map(({ data }) => Number(data?.SHUTDOWN_MS ?? 25_000)));
  return [
    ...must(covers(spec.selector?.matchLabels, spec.template.metadata?.labels), 'the selector does not match the template’s labels'),
    ...must(scaled !== (spec.replicas !== undefined), scaled ? 'replicas beside an autoscaler: every apply would undo its work' : 'neither replicas nor an autoscaler says how many'),
    ...must((pod.topologySpreadConstraints ?? []).length > 0, 'topologySpreadConstraints are missing'),
    ...must(all.some((other) => other?.kind === 'PodDisruptionBudget' && covers(other.spec.selector?.matchLabels, spec.template.metadata?.labels)), 'there is no PodDisruptionBudget'),
    ...pod.containers.flatMap((one) => {
      const pauseMs = (one.lifecycle?.preStop?.sleep?.seconds ?? 0) * 1_000;
      return [
        ...Object.entries(probes).filter(([field, path]) => one[field]?.httpGet?.path !== path).map(([field, path]) => `${one.name}: ${field} must ask ${path}`),
        ...Object.keys(probes).filter((field) => typeof one[field]?.httpGet?.port === 'string' && !(one.ports ?? []).some(({ name }) => name === one[field].httpGet.port)).map((field) => `${one.name}: ${field} asks a port that is not open`),
        ...must((pod.terminationGracePeriodSeconds ?? 30) * 1_000 > shutdownMs + pauseMs, `terminationGracePeriodSeconds must exceed SHUTDOWN_MS (${shutdownMs}) and preStop (${pauseMs})`),
        ...must((one.startupProbe?.periodSeconds ?? 10) * (one.startupProbe?.failureThreshold ?? 3) > 300, 'the startup probe must outlast MIGRATE_WAIT_MS (300 s)'),
      ];
    }),
  ];
}
const probes = { startupProbe: '/healthz', livenessProbe: '/healthz', readinessProbe: '/readyz' };

/** A Job cannot be changed, so a release has its own; one that removes itself would be made anew by every reconciler. */
function jobFaults({ metadata, spec }) {
  const tags = spec.template.spec.containers.map(({ image }) => String(image).split(':').at(-1)?.replaceAll('.', '-'));
  return [
    ...tags.filter((tag) => !metadata.name.endsWith(`-${tag}`)).map((tag) => `the name must end with the release, -${tag}`),
    ...must(spec.ttlSecondsAfterFinished === undefined, 'ttlSecondsAfterFinished makes reconcilers run it for ever'),
    ...must(['Never', 'OnFailure'].includes(spec.template.spec.restartPolicy), 'restartPolicy must be Never or OnFailure'),
  ];
}

function selects(labels, ports, all) {
  const target = all.find((other) => other?.kind === 'Deployment' && covers(labels, other.spec?.template?.metadata?.labels));
  if (target === undefined) return ['it selects no pod of this set'];
  const open = target.spec.template.spec.containers.flatMap((one) => one.ports ?? []);
  return ports.filter(({ targetPort }) => targetPort !== undefined && !open.some((port) => port.name === targetPort || port.containerPort === targetPort)).map(({ targetPort }) => `no container opens the port ${targetPort}`);
}

const must = (good, fault) => (good ? [] : [fault]);
const named = (all, kind, name) => all.find((other) => other?.kind === kind && other.metadata?.name === name);
const covers = (labels, of) => labels !== undefined && Object.entries(labels).every(([key, value]) => of?.[key] === value);

function twice(all) {
  const seen = new Set();
  return all.flatMap(({ kind, metadata }) => {
    const name = `${kind}/${metadata?.namespace ?? ''}/${metadata?.name}`;
    const again = seen.has(name);
    seen.add(name);
    return again ? [`there are two ${name}`] : [];
  });
}

/** Files that `kubectl apply -k` would leave out, or that it names in vain. */
export function listFaults() {
  const [{ resources }] = loadAll(readFileSync(join(folder, 'kustomization.yaml'), 'utf8'));
  const files = manifestFiles();
  return [...files.filter((file) => !resources.includes(file)).map((file) => `kustomization.yaml does not list ${file}`), ...resources.filter((file) => !files.includes(file)).map((file) => `kustomization.yaml lists ${file}, which is missing`)];
}

/** The real API server has the last word: strict fields, defaults, admission. A dry run in a namespace that is missing would fail. */
function serverFaults() {
  const kubectl = (...args) => spawnSync('kubectl', args, { encoding: 'utf8' });
  const missing = (namespace) => kubectl('get', 'namespace', namespace).status !== 0;
  if (missing('peyvand')) kubectl('create', '-f', join(folder, 'base', 'namespace.yaml'));
  if (missing('kafka')) kubectl('create', 'namespace', 'kafka');
  return manifestFiles().flatMap((file) => {
    const { status, stderr } = kubectl('apply', '--server-side', '--dry-run=server', '--validate=strict', '-f', join(folder, file));
    // Admission speaks in warnings about the pods of a Deployment.
    return status === 0 && !/would violate/.test(stderr) ? [] : [`${relative(root, join(folder, file))}: ${stderr.trim()}`];
  });
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const documents = readManifests();
  const server = process.env.K8S_CHECK === 'server';
  const faults = [...faultsOf(documents), ...listFaults(), ...(server ? serverFaults() : [])];
  for (const fault of faults) console.error(fault);
  console.log(`${documents.length} resources, ${faults.length} faults${server ? ', tried by the API server' : ''}`);
  process.exitCode = faults.length === 0 && documents.length > 0 ? 0 : 1;
}
