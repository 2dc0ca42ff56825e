namespace Decant.EndToEnd.Tests;

/// <summary>Devices by the names that specifications of the host give them.</summary>
public sealed class CdiTests(PodmanService podman) : IClassFixture<PodmanService>
{
    /// <summary>In a home of the test's own, as decant host --cdi writes it.</summary>
    const string Written = """
        export XDG_CONFIG_HOME=$(mktemp -d /var/tmp/decant-cdi-XXXXXX); mkdir $XDG_CONFIG_HOME/cdi
        trap 'rm -rf $XDG_CONFIG_HOME' EXIT
        $decant host --cdi >$XDG_CONFIG_HOME/cdi/nvidia.yaml
        run() { $decant run -v $place/probe:/app/probe "$@"; }

        """;

    [Fact]
    public void A_gpu_comes_by_its_name_with_the_driver_that_the_image_s_loader_finds()
    {
        foreach (User user in new[] { User.Root, User.Ordinary })
        {
            GpuTests.OnHostWithDriver(user, Written + """
                run --device nvidia.com/gpu=all bookworm /app/probe; echo $?
                run --device nvidia.com/gpu=0 bookworm nvidia-smi
                run --device nvidia.com/gpu=0 bookworm sh -c 'ls /dev/nvidia*; readlink /usr/local/nvidia/lib64/libcuda.so.1 /usr/local/nvidia/lib64/libcuda.so; echo "[$LD_LIBRARY_PATH] $NVIDIA_VISIBLE_DEVICES"'
                run --device nvidia.com/gpu=0 -e NVIDIA_VISIBLE_DEVICES=mine bookworm sh -c 'echo $NVIDIA_VISIBLE_DEVICES'
                sh -c "$($decant script -v $place/probe:/app/probe --device nvidia.com/gpu=0 bookworm /app/probe)"
                $decant host --cdi --json >$XDG_CONFIG_HOME/cdi/nvidia.json; rm $XDG_CONFIG_HOME/cdi/nvidia.yaml
                run --device nvidia.com/gpu=0 bookworm /app/probe
                """).ExpectOutput("""
                999 /usr/local/nvidia/lib64/libcuda.so.1 and its parts
                0
                one GPU
                /dev/nvidia-uvm
                /dev/nvidia0
                /dev/nvidiactl
                libcuda.so.999.11.02
                libcuda.so.1
                [] void
                mine
                999 /usr/local/nvidia/lib64/libcuda.so.1 and its parts
                999 /usr/local/nvidia/lib64/libcuda.so.1 and its parts

                """);
        }
    }

    [Fact]
    public void Podman_runs_with_what_was_written_without_hooks_and_refuses_hooks_whose_program_is_not_there()
    {
        string engine = $"{podman.Command} --runtime runc";
        GpuTests.OnHostWithDriver(User.Root, $$"""
            cd $place; mkdir -p root/proc root/sys root/dev root/tmp; cp -L --parents /bin/sh /bin/ls $(ldd /bin/sh /bin/ls | grep -o '/lib[^ ]*' | sort -u) root
            # A copy, so that the host's own has no specification afterwards.
            cp -a /etc $place/etc; mkdir -p $place/etc/cdi; mount --bind $place/etc /etc
            run() { {{engine}} run --rm --network host --ulimit nofile=20000:20000 --ulimit nproc=4096:4096 -v $place/probe:/app/probe:ro -e LD_LIBRARY_PATH=/usr/local/nvidia/lib64 --device nvidia.com/gpu=0 --rootfs $place/root "$@"; }
            $decant host --cdi --no-hooks >/etc/cdi/nvidia.yaml
            run /app/probe
            run nvidia-smi
            run sh -c 'ls /dev/nvidia*; echo $NVIDIA_VISIBLE_DEVICES'
            $decant host --cdi --no-hooks --json >/etc/cdi/nvidia.json; rm /etc/cdi/nvidia.yaml
            run nvidia-smi
            $decant run -v $place/probe:/app/probe --device nvidia.com/gpu=0 -e LD_LIBRARY_PATH=/usr/local/nvidia/lib64 bookworm /app/probe
            rm /etc/cdi/nvidia.json; $decant host --cdi >/etc/cdi/nvidia.yaml
            run nvidia-smi 2>&1 | grep -o '/usr/bin/nvidia-cdi-hook: no such file or directory'
            """).ExpectOutput("""
            999 /usr/local/nvidia/lib64/libcuda.so.1 and its parts
            one GPU
            /dev/nvidia-uvm
            /dev/nvidia0
            /dev/nvidiactl
            void
            one GPU
            999 /usr/local/nvidia/lib64/libcuda.so.1 and its parts
            /usr/bin/nvidia-cdi-hook: no such file or directory

            """);
    }

    [Fact]
    public void The_driver_is_told_to_make_no_nodes_where_the_program_is_root_here()
    {
        GpuTests.OnHostWithDriver(User.Root, Written + """
            mount -t tmpfs tmpfs /proc/driver; mkdir /proc/driver/nvidia
            printf 'RmLogonRC: 1\nModifyDeviceFiles: 1\n' >/proc/driver/nvidia/params
            show='cat /proc/driver/nvidia/params; echo x 2>/dev/null >>/proc/driver/nvidia/params || echo closed'
            run --device nvidia.com/gpu=0 bookworm sh -c "$show"
            cat /proc/driver/nvidia/params
            """).ExpectOutput("RmLogonRC: 1\nModifyDeviceFiles: 0\nclosed\nRmLogonRC: 1\nModifyDeviceFiles: 1\n");
    }

    /// <summary>Of a vendor that nobody knows, in a directory that the configuration names.</summary>
    const string Vendor = """
        export XDG_CONFIG_HOME=$(mktemp -d /var/tmp/decant-cdi-XXXXXX); cd $XDG_CONFIG_HOME
        trap 'rm -rf $XDG_CONFIG_HOME' EXIT
        mkdir decant specs data; echo "cdi = [\"$PWD/specs\"]" >decant/config.toml; echo of the host >data/file
        cat >specs/v.yaml <<-END
        	cdiVersion: 0.7.0
        	kind: vendor.com/card
        	devices:
        	- name: one
        	  containerEdits:
        	    deviceNodes: [{path: /dev/card, hostPath: /dev/zero}]
        	    additionalGids: [4711]
        	- name: hooked
        	  containerEdits: {hooks: [{hookName: createContainer, path: /bin/touch, args: [touch, $PWD/ran]}]}
        	- {name: gone, containerEdits: {deviceNodes: [{path: /dev/gone}]}}
        	- {name: link, containerEdits: {mounts: [{hostPath: $PWD/data, containerPath: /proc/new}]}}
        	containerEdits:
        	  env: [CARD=yes]
        	  mounts:
        	  - {hostPath: $PWD/data, containerPath: /opt/vendor/data, options: [ro, nosuid, nodev, noexec, rbind, rprivate]}
        	  hooks:
        	  - {hookName: createContainer, path: /usr/bin/nvidia-cdi-hook, args: [nvidia-cdi-hook, create-symlinks, --link, "data/file::/opt/vendor/link", --link, "data::/opt/vendor/current", --link, "../card::/dev/by-path/card"]}
        	END

        """;

    static ProgramResult OnHost(User user, string script)
    {
        TestImages.PulledAll(user);
        return DecantBinary.Script(user, Vendor + script);
    }

    [Fact]
    public void What_a_specification_says_is_what_the_program_sees()
    {
        foreach (User user in new[] { User.Root, User.Ordinary })
        {
            OnHost(user, """
                $decant run --device vendor.com/card=one bookworm sh -c '
                  head -c 3 /dev/card | od -An -tx1; head -c 1 /dev/by-path/card | od -An -tx1; cat /opt/vendor/link; echo $CARD
                  echo x 2>/dev/null >/opt/vendor/data/file || echo read-only; grep -o " /opt/vendor/data ro,nosuid,nodev,noexec" /proc/self/mountinfo'
                $decant run --device vendor.com/card=one bookworm id -G | grep -c 4711
                ls specs
                """).ExpectOutput($" 00 00 00\n 00\nof the host\nyes\nread-only\n /opt/vendor/data ro,nosuid,nodev,noexec\n{(user.Id == 0 ? 1 : 0)}\nv.yaml\n");
        }
    }

    [Fact]
    public void What_cannot_be_given_is_refused_with_its_cause()
    {
        foreach ((string name, string cause) in new[]
        {
            ("vendor.com/card=hooked", "a createContainer hook, the program /bin/touch, which decant does not know"),
            ("vendor.com/card=gone", "the device node /dev/gone of its specification is not there"),
            ("vendor.com/card=link", "/proc/new is /proc/new in the image, which lies in a directory of the host"),
            ("vendor.com/card=two", "of this kind there are vendor.com/card=gone, vendor.com/card=hooked, vendor.com/card=link, vendor.com/card=one"),
            ("vendor.com/card=", "no name of a CDI device"),
        })
            OnHost(User.Ordinary, $"$decant run --device {name} bookworm true; code=$?; [ ! -e ran ] || code=1; exit $code").ExpectError(125, cause);
        OnHost(User.Ordinary, "echo 'kind: [' >specs/w.json; $decant run --device vendor.com/card=one bookworm true && $decant run --device other.com/card=1 bookworm true").ExpectError(125, "specs/w.json:2:1:");
    }

    [Fact]
    public void A_mount_behind_a_link_of_a_specification_goes_where_the_link_leads()
    {
        foreach (User user in new[] { User.Root, User.Ordinary })
        {
            OnHost(user, """
                echo of the user >mine
                $decant run --device vendor.com/card=one -v $PWD/mine:/opt/vendor/current/file bookworm cat /opt/vendor/data/file /opt/vendor/link
                $decant run --device vendor.com/card=one -v $PWD/mine:/opt/vendor/link bookworm cat /opt/vendor/link
                sh -c "$($decant script --device vendor.com/card=one -v $PWD/mine:/opt/vendor/current/file bookworm cat /opt/vendor/data/file)"
                cat data/file; ls data
                """).ExpectOutput("of the user\nof the user\nof the user\nof the user\nof the host\nfile\n");
        }
    }

    [Fact]
    public void A_named_run_keeps_nothing_of_a_device_and_all_of_its_own()
    {
        foreach (User user in new[] { User.Root, User.Ordinary })
        {
            OnHost(user, """
                run() { $decant run -u 0 --name carded "$@"; }
                run --device vendor.com/card=one bookworm sh -c 'cat /opt/vendor/link; echo mine >/opt/mine'
                find $DECANT_ROOT/runs/carded/upper -printf '%P\n' | grep -e vendor -e '^opt/mine$'
                run bookworm ls /opt
                run bookworm sh -c 'mkdir /opt/vendor; echo mine >/opt/vendor/link'
                run --device vendor.com/card=one bookworm cat /opt/vendor/link /opt/vendor/data/file 2>&1
                run bookworm sh -c 'cat /opt/vendor/link; ls /opt/vendor'
                $decant run --name carded --dry-run --device vendor.com/card=one bookworm true | grep -o "link /opt/vendor/current.*"
                $decant rm carded
                """).ExpectOutput("""
                of the host
                opt/mine
                mine
                decant: left out: --device vendor.com/card=one: the link /opt/vendor/link is not made, as an earlier run of this name has something of its own there, or has removed it
                mine
                of the host
                mine
                link
                link /opt/vendor/current to data in the devices' layer (--device vendor.com/card=one)

                """);
        }
    }

    [Fact]
    public void Root_takes_no_specification_from_another_user_s_directory() =>
        OnHost(User.Root, "chown 61234 .; $decant run --device vendor.com/card=one bookworm true").ExpectError(125, "no CDI device vendor.com/card=one is known");
}
