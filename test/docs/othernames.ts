// What other products of the same field call their resources: plural, singular, short names and categories. Where one of ours
// were called the same, `kubectl get` and `kubectl delete` would reach the one when the other is meant. Read from their CRDs and
// from `kubectl api-resources` (2026).

/** A product, and every word by which kubectl finds its resources. */
export interface Product {
	/** API group. */
	group: string;
	/** Plurals. */
	plurals: readonly string[];
	/** Short names and categories. */
	others?: readonly string[];
}

const list = (words: string): string[] => words.trim().split(/\s+/);

export const products: Readonly<Record<string, Product>> = {
	Kubernetes: {
		group: "core, apps, batch and others",
		plurals:
			list(`bindings configmaps endpoints events namespaces nodes persistentvolumeclaims persistentvolumes pods secrets
			serviceaccounts services deployments daemonsets replicasets statefulsets cronjobs jobs leases ingresses networkpolicies
			roles rolebindings clusterroles clusterrolebindings storageclasses customresourcedefinitions apiservices`),
		others: list(`cm ep ev ns no pvc pv po sa svc deploy ds rs sts cj ing netpol sc crd crds csr pdb hpa quota limits pc
			all api-extensions`),
	},
	"CSI snapshots": {
		group: "snapshot.storage.k8s.io",
		plurals: list("volumesnapshots volumesnapshotclasses volumesnapshotcontents volumegroupsnapshots"),
		others: list("vs vsclass vsc vgs vgsclass vgsc"),
	},
	Velero: {
		group: "velero.io",
		plurals: list(`backups backuprepositories backupstoragelocations datadownloads datauploads deletebackuprequests
			downloadrequests podvolumebackups podvolumerestores restores schedules serverstatusrequests volumesnapshotlocations`),
		others: list("bsl vsl ssr"),
	},
	CloudNativePG: {
		group: "postgresql.cnpg.io",
		plurals: list(`backups clusterimagecatalogs clusters databases failoverquorums imagecatalogs poolers publications
			scheduledbackups subscriptions objectstores`),
	},
	K8up: {
		group: "k8up.io",
		plurals: list("archives backups checks podconfigs prebackuppods prunes restores schedules snapshots"),
	},
	Longhorn: {
		group: "longhorn.io",
		plurals:
			list(`backups backupbackingimages backuptargets backupvolumes backingimages engines engineimages instancemanagers
			nodes orphans recurringjobs replicas settings sharemanagers snapshots supportbundles systembackups systemrestores
			volumes volumeattachments`),
		others:
			list(`lhb lhbbi lhbt lhbv lhbi lhbim lhbids lhe lhei lhim lhn lho lhrj lhr lhs lhsm lhsnap lhbundle lhsb lhsr lhv
			lhva longhorn`),
	},
	Kanister: {
		group: "cr.kanister.io",
		plurals: list("actionsets blueprints profiles repositoryservers"),
		others: list("bp"),
	},
	"Kasten K10": {
		group: "config.kio.kasten.io, actions.kio.kasten.io",
		plurals: list(`policies policypresets profiles blueprintbindings backupactions backupclusteractions restoreactions
			restoreclusteractions exportactions importactions runactions retireactions batchrestoreactions cancelactions
			restorepoints restorepointcontents storagerepositories`),
	},
	"Stash and KubeStash": {
		group: "stash.appscode.com, core.kubestash.com, storage.kubestash.com",
		plurals: list(`backupbatches backupblueprints backupconfigurations backupsessions backupstorages backupverifiers
			functions hooktemplates recoveries repositories restics restorebatches restoresessions retentionpolicies snapshots
			tasks addons`),
		others: list("bb bc bs rec repo rst restore task"),
	},
	VolSync: {
		group: "volsync.backube",
		plurals: list("replicationsources replicationdestinations"),
		others: ["volsync"],
	},
	snapscheduler: { group: "snapscheduler.backube", plurals: ["snapshotschedules"] },
	Gemini: { group: "gemini.fairwinds.com", plurals: ["snapshotgroups"], others: ["sg"] },
	Percona: {
		group: "pxc.percona.com, psmdb.percona.com, pgv2.percona.com, ps.percona.com",
		plurals: list(`perconaxtradbclusters perconaxtradbclusterbackups perconaxtradbclusterrestores perconaservermongodbs
			perconaservermongodbbackups perconaservermongodbrestores perconapgclusters perconapgbackups perconapgrestores
			perconapgupgrades perconaservermysqls perconaservermysqlbackups perconaservermysqlrestores`),
		others: list(`pxc pxcs pxc-backup pxc-backups pxc-restore pxc-restores psmdb psmdb-backup psmdb-restore pg pg-backup
			pg-backups pg-restore pg-restores ps ps-backup ps-backups ps-restore`),
	},
	"MariaDB operator": {
		group: "k8s.mariadb.com",
		plurals: list(`mariadbs maxscales backups physicalbackups restores connections databases users grants sqljobs
			pointintimerecoveries externalmariadbs`),
		others: list("mdb mxs bmdb pbmdb rmdb cmdb dmdb umdb gmdb smdb emdb"),
	},
	"Oracle MySQL operator": {
		group: "mysql.oracle.com",
		plurals: list("innodbclusters mysqlbackups clusterkopfpeerings"),
		others: list("ic ics mbk"),
	},
	"Zalando Postgres operator": {
		group: "acid.zalan.do",
		plurals: list("postgresqls operatorconfigurations postgresteams"),
		others: list("pg pgteam opconfig"),
	},
	Crunchy: {
		group: "postgres-operator.crunchydata.com",
		plurals: list("postgresclusters pgupgrades pgadmins crunchybridgeclusters"),
	},
	StackGres: {
		group: "stackgres.io",
		plurals: list("sgbackups sgbackupconfigs sgclusters sgdbops sgobjectstorages"),
		others: list("sgbkp sgbac sgclu sgdbo sgobj"),
	},
	TiDB: {
		group: "pingcap.com",
		plurals: list("backups backupschedules restores tidbclusters compactbackups"),
		others: list("bk bks rt tc cpbk br"),
	},
	KubeBlocks: {
		group: "dataprotection.kubeblocks.io",
		plurals: list(`actionsets backuppolicies backuppolicytemplates backuprepos backups backupschedules restores
			storageproviders`),
		others: list("as bp bpt brs kubeblocks"),
	},
	K8ssandra: {
		group: "medusa.k8ssandra.io",
		plurals: list("medusabackups medusabackupjobs medusabackupschedules medusarestorejobs medusatasks"),
	},
	"Rancher backup": { group: "resources.cattle.io", plurals: list("backups resourcesets restores") },
	Harvester: {
		group: "harvesterhci.io",
		plurals: list("supportbundles virtualmachinebackups virtualmachinerestores schedulevmbackups"),
		others: list("sb sbs vmbackup vmbackups vmrestore vmrestores svmbackup"),
	},
	"kube-bind": { group: "kube-bind.io", plurals: ["apiservicebindings"], others: list("sb kube-bindings") },
	"Service Binding": { group: "servicebinding.io", plurals: ["servicebindings"], others: list("sbr sbrs") },
	Trilio: {
		group: "triliovault.trilio.io",
		plurals: list(
			"backups backupplans clusterbackups clusterbackupplans restores clusterrestores policies targets hooks",
		),
	},
	"Dell Application Mobility": { group: "mobility.storage.dell.com", plurals: list("backups restores schedules") },
	GoBackup: { group: "gobackup.io", plurals: list("backups cronbackups storages databases") },
};

/** A plural, and what kubectl takes for it in the singular: the usual endings suffice here. */
const bothForms = (plural: string): string[] => {
	if (plural.endsWith("ies")) return [plural, `${plural.slice(0, -3)}y`];
	return plural.endsWith("classes") ? [plural, plural.slice(0, -2)] : [plural, plural.replace(/s$/, "")];
};

/** Every word that leads kubectl to another product's resources, with the products. */
export const otherNames = (): ReadonlyMap<string, string[]> => {
	const found = new Map<string, string[]>();
	for (const [product, { plurals, others = [] }] of Object.entries(products))
		for (const word of [...plurals.flatMap(bothForms), ...others])
			found.set(word, [...(found.get(word) ?? []), product]);
	return found;
};
