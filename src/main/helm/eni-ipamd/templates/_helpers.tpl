{{/* The arguments that the values say, as a list in YAML. */}}
{{- define "eni-ipamd.args" -}}
{{- $v := .Values -}}
- --cluster-id={{ $v.clusterId }}
- --vpc-id={{ $v.vpcId }}
- --cloud-region={{ $v.region }}
- --eni-subnets={{ join "," $v.subnets }}
{{- if ne $v.credentials.kind "env" }}
- --cloud-credentials={{ $v.credentials.kind }}
{{- end }}
{{- if eq $v.credentials.kind "file" }}
- --cloud-credentials-file=/etc/tke-eni-ipamd-cloud
{{- end }}
{{- if and (eq $v.credentials.kind "cvm-role") $v.credentials.role }}
- {{ printf "--cloud-role=%s" $v.credentials.role | quote }}
{{- end }}
{{- if $v.replicas }}
- --replicas={{ $v.replicas }}
{{- end }}
{{- if $v.webhook.enabled }}
- --webhook
{{- if ne (int $v.webhook.port) 9443 }}
- --webhook-listen={{ $v.webhook.port }}
{{- end }}
{{- if eq $v.webhook.certificate "cert-manager" }}
- --webhook-certificate-directory=/etc/tke-eni-ipamd-webhook
{{- end }}
{{- end }}
{{- range $flag, $value := $v.args }}
{{- if kindIs "bool" $value }}
- --{{ $flag }}{{ if not $value }}=false{{ end }}
{{- else if kindIs "float64" $value }}
- --{{ $flag }}={{ int64 $value }}
{{- else }}
- {{ printf "--%s=%v" $flag $value | quote }}
{{- end }}
{{- end }}
{{- end -}}

{{/* Changes the container of the plain Deployment as the values say. */}}
{{- define "eni-ipamd.container" -}}
{{- $v := .root.Values -}}
{{- $container := .container -}}
{{- $_ := set $container "image" (printf "%s:%s" $v.image.repository (default .root.Chart.AppVersion $v.image.tag)) -}}
{{- $_ := set $container "imagePullPolicy" $v.image.pullPolicy -}}
{{- $args := include "eni-ipamd.args" .root | fromYamlArray -}}
{{- $said := list -}}
{{- range $args }}{{ $said = append $said (regexFind "^--[a-z-]+" .) }}{{ end -}}
{{- /* What else the plain manifest sets stays, unless the values say it. */ -}}
{{- range $container.args }}
{{- if not (has (regexFind "^--[a-z-]+" .) $said) }}{{ $args = append $args . }}{{ end -}}
{{- end -}}
{{- $_ := set $container "args" $args -}}
{{- $env := list -}}
{{- range $container.env -}}
{{- $variable := . -}}
{{- if hasPrefix "TENCENTCLOUD_" $variable.name -}}
{{- if eq $v.credentials.kind "env" -}}
{{- $_ := set $variable.valueFrom.secretKeyRef "name" $v.credentials.secretName -}}
{{- $env = append $env $variable -}}
{{- end -}}
{{- else -}}
{{- if and $v.javaOptions (eq $variable.name "JAVA_TOOL_OPTIONS") }}{{ $_ := set $variable "value" $v.javaOptions }}{{ end -}}
{{- $env = append $env $variable -}}
{{- end -}}
{{- end -}}
{{- $_ := set $container "env" $env -}}
{{- if $v.resources }}{{ $_ := set $container "resources" $v.resources }}{{ end -}}
{{- end -}}

{{/* Mounts a Secret into the Pod of the plain Deployment. */}}
{{- define "eni-ipamd.mount" -}}
{{- $mount := dict "name" .name "mountPath" .path "readOnly" true -}}
{{- $volume := dict "name" .name "secret" (dict "secretName" .secret) -}}
{{- $_ := set .container "volumeMounts" (append .container.volumeMounts $mount) -}}
{{- $_ := set .pod "volumes" (append .pod.volumes $volume) -}}
{{- end -}}

{{/* Changes the plain Deployment as the values say. */}}
{{- define "eni-ipamd.deployment" -}}
{{- $v := .root.Values -}}
{{- $pod := .deployment.spec.template.spec -}}
{{- $container := first $pod.containers -}}
{{- if $v.replicas }}{{ $_ := set .deployment.spec "replicas" (int $v.replicas) }}{{ end -}}
{{- include "eni-ipamd.container" (dict "root" .root "container" $container) -}}
{{- $_ := set $pod "hostNetwork" $v.hostNetwork -}}
{{- if $v.image.pullSecrets -}}
{{- $secrets := list -}}
{{- range $v.image.pullSecrets }}{{ $secrets = append $secrets (dict "name" .) }}{{ end -}}
{{- $_ := set $pod "imagePullSecrets" $secrets -}}
{{- end -}}
{{- if $v.nodeSelector }}{{ $_ := set $pod "nodeSelector" $v.nodeSelector }}{{ end -}}
{{- if $v.tolerations }}{{ $_ := set $pod "tolerations" (concat $pod.tolerations $v.tolerations) }}{{ end -}}
{{- if eq $v.credentials.kind "file" -}}
{{- include "eni-ipamd.mount" (dict "pod" $pod "container" $container "name" "cloud-credentials" "path" "/etc/tke-eni-ipamd-cloud" "secret" $v.credentials.secretName) -}}
{{- end -}}
{{- if and $v.webhook.enabled (eq $v.webhook.certificate "cert-manager") -}}
{{- include "eni-ipamd.mount" (dict "pod" $pod "container" $container "name" "webhook-certificate" "path" "/etc/tke-eni-ipamd-webhook" "secret" "tke-eni-ipamd-webhook-mounted") -}}
{{- end -}}
{{- end -}}
