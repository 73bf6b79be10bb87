import { describe, expect, it } from '@jest/globals';
import { faultsOf, listFaults, readManifests } from './k8s-check.mjs';

const of = (all, kind, name) => all.find(({ body }) => body.kind === kind && (name === undefined || body.metadata.name === name)).body;
const pod = (all, kind = 'Deployment') => of(all, kind).spec.template.spec;
const main = (all, kind) => pod(all, kind).containers[0];

describe('the manifests', () => {
  it('are good as they are, and all listed', () => expect([...faultsOf(readManifests()), ...listFaults()]).toEqual([]));

  it.each([
    ['an unknown field', (all) => { main(all).livenesProbe = {}; }, /livenesProbe/],
    ['a wrong type', (all) => { main(all).ports[0].containerPort = '8080'; }, /containerPort must be integer/],
    ['a missing selector', (all) => { delete of(all, 'Deployment').spec.selector; }, /selector/],
    ['an apiVersion of yesterday', (all) => { of(all, 'PodDisruptionBudget').apiVersion = 'policy/v1beta1'; }, /policy\/v1beta1/],
    ['a container that may become root', (all) => { main(all).securityContext.allowPrivilegeEscalation = true; }, /allowPrivilegeEscalation/],
    ['a pod that runs as root', (all) => { pod(all).securityContext.runAsUser = 0; }, /numeric uid/],
    ['a job that runs as somebody by name', (all) => { delete pod(all, 'Job').securityContext.runAsUser; }, /numeric uid/],
    ['capabilities that stay', (all) => { main(all).securityContext.capabilities = {}; }, /capabilities/],
    ['a root one can write to', (all) => { delete main(all).securityContext.readOnlyRootFilesystem; }, /read-only/],
    ['no /tmp', (all) => { main(all, 'Job').volumeMounts = []; }, /\/tmp/],
    ['a worker without a liveness probe', (all) => { delete main(all).livenessProbe; }, /livenessProbe must ask/],
    ['a probe of a port that is closed', (all) => { main(all).readinessProbe.httpGet.port = 'web'; }, /not open/],
    ['a start that is killed before its migration', (all) => { main(all).startupProbe.failureThreshold = 12; }, /MIGRATE_WAIT_MS/],
    ['an end that is killed before its time', (all) => { pod(all).terminationGracePeriodSeconds = 30; }, /SHUTDOWN_MS/],
    ['no memory limit', (all) => { delete main(all).resources.limits; }, /memory limit/],
    ['an image called latest', (all) => { main(all).image = 'peyvand:latest'; }, /not latest/],
    ['a password in the open', (all) => { main(all).env.push({ name: 'KAFKA_SASL_PASSWORD', value: 'x' }); }, /belongs into a Secret/],
    ['replicas beside an autoscaler', (all) => { of(all, 'Deployment', 'orders').spec.replicas = 2; }, /autoscaler/],
    ['nobody who says how many', (all) => { delete of(all, 'Deployment', 'retailers').spec.replicas; }, /how many/],
    ['more pods than partitions', (all) => { of(all, 'HorizontalPodAutoscaler', 'orders').spec.maxReplicas = 25; }, /no partition/],
    ['a job of no release', (all) => { of(all, 'Job').metadata.name = 'migrate'; }, /end with the release/],
    ['a job that removes itself', (all) => { of(all, 'Job').spec.ttlSecondsAfterFinished = 60; }, /for ever/],
    ['a reference to no ConfigMap', (all) => { main(all).envFrom[0].configMapRef.name = 'other'; }, /no ConfigMap other/],
    ['a Service that selects nothing', (all) => { of(all, 'Service').spec.selector = { app: 'none' }; }, /selects no pod/],
    ['a route to nowhere', (all) => { of(all, 'HTTPRoute').spec.rules[0].backendRefs[0].name = 'shop'; }, /no Service shop/],
    ['metrics for everybody', (all) => { of(all, 'HTTPRoute').spec.rules[0].matches[0].path.value = '/'; }, /to the public/],
    ['a topic with other partitions', (all) => { of(all, 'KafkaTopic').spec.partitions = 12; }, /24 partitions/],
    ['a namespace without a guard', (all) => { of(all, 'Namespace').metadata.labels = {}; }, /restricted/],
  ])('%s is found', (_, spoil, fault) => {
    const all = readManifests();
    spoil(all);
    expect(faultsOf(all).join('\n')).toMatch(fault);
  });
});
