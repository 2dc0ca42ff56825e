namespace Decant.EndToEnd.Tests;

/// <summary>Launches with a GPU's driver, on a host that is made to look as if it had one: its module, its nodes, its libraries.</summary>
public sealed class GpuTests
{
    // Says which driver's library the loader gives, and from where.
    const string Probe = """
        #define _GNU_SOURCE
        #include <dlfcn.h>
        #include <stdio.h>
        int main(void) {
          void *cuda = dlopen("libcuda.so.1", RTLD_NOW);
          if (cuda == NULL) { puts(dlerror()); return 3; }
          int (*version)(void) = (int (*)(void))dlsym(cuda, "version");
          Dl_info info;
          dladdr((void *)version, &info);
          printf("%d %s %s\n", version(), info.dli_fname, dlopen("libnvidia-ptxjitcompiler.so.1", RTLD_NOW) ? "and its parts" : "alone");
          return 0;
        }
        """;

    internal static ProgramResult OnHostWithDriver(User user, string script)
    {
        TestImages.PulledAll(user);
        string place = Workplace.NewDirectory(User.Root);
        File.WriteAllText($"{place}/probe.c", Probe);
        Dictionary<string, string> variables = DecantBinary.Variables(user);
        variables["place"] = place;
        variables["decant"] = Workplace.Decant;
        return Shell.Execute(
            ["unshare", "--mount", "--", "/bin/bash", "-ec", """
                cd $place; chmod 755 .
                cc -o probe probe.c
                mkdir -p module/nvidia dev local/nvidia/lib64 local/nvidia/bin
                echo 999.11.02 >module/nvidia/version
                mount --bind module /sys/module
                for name in cuda nvidia-ptxjitcompiler nvidia-ml nvidia-glcore; do
                  echo 'int version(void) { return 999; }' | cc -shared -fPIC -x c - -o local/nvidia/lib64/lib$name.so.999.11.02 -Wl,-soname,lib$name.so.1,--no-as-needed -lc
                done
                ln -s libcuda.so.999.11.02 local/nvidia/lib64/libcuda.so.1
                echo 'int version(void); int main(void) { return version() != 999; }' | cc -x c - -x none -o needs local/nvidia/lib64/libcuda.so.1
                echo 'int puts(const char *); int main(void) { puts("one GPU"); }' | cc -x c - -o local/nvidia/bin/nvidia-smi
                mount --bind local /usr/local
                mount -t tmpfs tmpfs dev
                for node in null zero full random urandom tty; do touch dev/$node; mount --bind /dev/$node dev/$node; done
                mkdir dev/pts dev/shm; mount --bind /dev/pts dev/pts; mount --bind /dev/shm dev/shm; ln -s pts/ptmx dev/ptmx; ln -s /proc/self/fd dev/fd
                mknod -m 666 dev/nvidia0 c 195 0; mknod -m 666 dev/nvidiactl c 195 255; mknod -m 666 dev/nvidia-uvm c 238 0
                mount --rbind dev /dev
                cd /; exec "$@"
                """, "-", .. user.Prefix, "/bin/bash", "-c", script],
            variables);
    }

    [Fact]
    public void The_image_s_loader_finds_the_host_s_driver_and_the_environment_stays_as_it_is()
    {
        foreach (User user in new[] { User.Root, User.Ordinary })
        {
            OnHostWithDriver(user, """
                run() { $decant run -v $place/probe:/app/probe "$@"; }
                run bookworm /app/probe; echo $?
                run --gpus all bookworm /app/probe; echo $?
                run --gpus all bookworm nvidia-smi
                run --gpus all bookworm sh -c 'ls /dev/nvidia*; ls /usr/local/nvidia/lib64 | grep -c glcore; echo "[$LD_LIBRARY_PATH]"; touch /usr/local/nvidia/lib64/libcuda.so.1 2>/dev/null || echo read-only'
                run --gpus all -e NVIDIA_DRIVER_CAPABILITIES=all bookworm sh -c 'ls /usr/local/nvidia/lib64 | grep -c glcore'
                run --gpus auto bookworm sh -c 'ls -d /dev/nvidia0 2>&1'
                run --gpus auto -e NVIDIA_VISIBLE_DEVICES=all bookworm /app/probe
                """).ExpectOutput("""
                libcuda.so.1: cannot open shared object file: No such file or directory
                3
                999 /usr/local/nvidia/lib64/libcuda.so.1 and its parts
                0
                one GPU
                /dev/nvidia-uvm
                /dev/nvidia0
                /dev/nvidiactl
                0
                []
                read-only
                2
                ls: cannot access '/dev/nvidia0': No such file or directory
                999 /usr/local/nvidia/lib64/libcuda.so.1 and its parts

                """);
        }
    }

    [Fact]
    public void It_comes_before_what_the_image_has_of_another_driver()
    {
        foreach (User user in new[] { User.Root, User.Ordinary })
        {
            OnHostWithDriver(user, """
                # An empty file that the build of an image left in a directory of the loader's own.
                $decant run -v $place/probe:/app/probe -v /dev/null:/usr/lib/x86_64-linux-gnu/libcuda.so.1 --gpus all bookworm /app/probe
                """).ExpectOutput("999 /usr/local/nvidia/lib64/libcuda.so.1 and its parts\n");
        }
    }

    [Fact]
    public void A_newer_user_mode_driver_of_the_image_s_comes_before_the_host_s()
    {
        foreach (User user in new[] { User.Root, User.Ordinary })
        {
            OnHostWithDriver(user, """
                mine=$(mktemp -d); trap 'rm -rf $mine' EXIT; cd $mine
                with() {
                  compat=usr/local/cuda/compat; mkdir -p $compat
                  echo "int version(void) { return $1; }" | cc -shared -fPIC -x c - -o $compat/libcuda.so.$1.10.01 -Wl,-soname,libcuda.so.1,--no-as-needed -lc; ln -s libcuda.so.$1.10.01 $compat/libcuda.so.1
                  $decant export bookworm tar:$1.tar && tar -rf $1.tar usr && rm -r usr && $decant pull tar:$1.tar driver-$1 >log || cat log
                  $decant run --gpus all -v $place/probe:/app/probe driver-$1 /app/probe
                  $decant rm driver-$1 >log || cat log
                }
                with 1000
                with 998
                """).ExpectOutput("""
                1000 /usr/local/cuda/compat/libcuda.so.1 and its parts
                999 /usr/local/nvidia/lib64/libcuda.so.1 and its parts

                """);
        }
    }

    [Fact]
    public void What_is_told_of_a_program_is_what_runs()
    {
        foreach (User user in new[] { User.Root, User.Ordinary })
        {
            OnHostWithDriver(user, """
                $decant doctor -v $place/needs:/app/needs bookworm /app/needs | sed -n 2,4p
                $decant doctor -v $place/needs:/app/needs --gpus all bookworm /app/needs
                $decant ldd -v $place/needs:/app/needs --gpus all bookworm /app/needs | grep -o 'libcuda.*'
                $decant run -v $place/needs:/app/needs --gpus all bookworm /app/needs; echo $?
                """).ExpectOutput("""

                error  library-missing
                  /app/needs needs libcuda.so.1, which is nowhere in the image
                /app/needs in bookworm: no error found
                libcuda.so.1 => /usr/local/nvidia/lib64/libcuda.so.1  ld.so.cache
                0

                """);
        }
    }

    [Fact]
    public void A_program_that_binds_the_driver_gets_a_gpu_by_itself_and_others_none()
    {
        foreach (User user in new[] { User.Root, User.Ordinary })
        {
            OnHostWithDriver(user, """
                for turn in 1 2; do
                  $decant run --gpus auto -v $place/needs:/app/needs bookworm /app/needs; echo $?
                  $decant run --gpus auto bookworm sh -c 'ls -d /dev/nvidia0 2>&1'
                done
                $decant run --gpus auto -e NVIDIA_VISIBLE_DEVICES=none --no-fix -v $place/needs:/app/needs bookworm /app/needs 2>&1 | grep -o 'cannot open shared object file'
                $decant run --gpus 0,0 bookworm sh -c 'ls /dev/nvidia*' | wc -l
                $decant run --gpus auto -e NVIDIA_VISIBLE_DEVICES=0 bookworm ls -d /dev/nvidia0
                $decant env --entrypoint '' --gpus auto bookworm | grep -c NVIDIA
                $decant run --name auto bookworm true; $decant run --name auto -v $place/needs:/app/needs bookworm cp /app/needs /usr/local/bin/needs
                $decant run --name auto --rm --gpus auto bookworm needs; echo $?
                """).ExpectOutput("""
                0
                ls: cannot access '/dev/nvidia0': No such file or directory
                0
                ls: cannot access '/dev/nvidia0': No such file or directory
                cannot open shared object file
                3
                /dev/nvidia0
                0
                0

                """);
        }
    }

    [Fact]
    public void Nodes_that_are_not_there_or_closed_are_told_before_the_program_starts()
    {
        foreach (User user in new[] { User.Root, User.Ordinary })
        {
            OnHostWithDriver(User.Root, """
                export DECANT_ROOT=STORE
                told() { PREFIX $decant doctor --gpus all -v $place/needs:/app/needs bookworm /app/needs | sed -n 's/^error *//p'; }
                told
                chmod 600 /dev/nvidia0; told; chmod 666 /dev/nvidia0
                umount /dev/nvidia-uvm 2>/dev/null; rm /dev/nvidia-uvm; told
                PREFIX $decant run --gpus all -v $place/needs:/app/needs bookworm sh -c '/app/needs; exit 3' >/dev/null; echo $?
                """.Replace("PREFIX", string.Join(' ', user.Prefix)).Replace("STORE", StoreOf(user))).ExpectOutput(
                (user.Prefix.Length == 0 ? "" : "gpu-node-closed\n") + """
                gpu-node-missing
                3

                """);
        }
    }

    [Fact]
    public void What_was_told_of_a_driver_does_not_outlast_its_libraries()
    {
        OnHostWithDriver(User.Root, """
            mkdir hidden; mv /usr/local/nvidia/lib64/libcuda.so* hidden
            run() { $decant run --gpus all -v $place/needs:/app/needs bookworm /app/needs >/dev/null 2>&1; echo $?; }
            sleep 2; run; run
            mv hidden/* /usr/local/nvidia/lib64; run
            """.Replace("mkdir hidden", "cd $place; mkdir hidden")).ExpectOutput("127\n127\n0\n");
    }

    [Fact]
    public void Of_two_vendors_a_run_has_the_nodes_of_the_gpus_that_were_chosen()
    {
        OnHostWithDriver(User.Root, """
            mount -t tmpfs tmpfs /sys/class; mkdir -p /sys/class/drm/renderD128/device/drm/card0 /dev/dri
            echo 0x1002 >/sys/class/drm/renderD128/device/vendor; echo Instinct >/sys/class/drm/renderD128/device/product_name
            mknod -m 666 /dev/kfd c 1 3; mknod -m 666 /dev/dri/renderD128 c 1 3; mknod -m 666 /dev/dri/card0 c 1 3
            nodes='ls -d /dev/nvidia* /dev/kfd /dev/dri/* /usr/local/nvidia/lib64 2>/dev/null | tr "\n" " "; echo'
            $decant run --gpus all bookworm sh -c "$nodes"
            $decant run --gpus device=0 bookworm sh -c "$nodes"
            $decant run --gpus device=1 bookworm sh -c "$nodes"
            $decant host | grep -A 1 'GPUs:'
            """).ExpectOutput("""
            /dev/dri/card0 /dev/dri/renderD128 /dev/kfd /dev/nvidia-uvm /dev/nvidia0 /dev/nvidiactl /usr/local/nvidia/lib64 
            /dev/nvidia-uvm /dev/nvidia0 /dev/nvidiactl /usr/local/nvidia/lib64 
            /dev/dri/card0 /dev/dri/renderD128 /dev/kfd 
            ok       NVIDIA GPUs: 1 GPU(s), driver 999.11.02, CUDA 13.3
                     0: NVIDIA GPU of unknown model, /dev/nvidia0
            ok       AMD GPUs: /dev/dri/renderD128, /dev/kfd
                     1: AMD Instinct, /dev/dri/card0 /dev/dri/renderD128

            """);
    }

    [Fact]
    public void One_of_amd_s_for_graphics_alone_is_given_and_what_it_lacks_is_told()
    {
        foreach (User user in new[] { User.Root, User.Ordinary })
        {
            OnHostWithDriver(User.Root, """
                mount -t tmpfs tmpfs /sys/class; mkdir -p /sys/class/drm/renderD128/device /dev/dri
                echo 0x1002 >/sys/class/drm/renderD128/device/vendor; mknod -m 666 /dev/dri/renderD128 c 1 3; umount /sys/module
                rm /dev/nvidia*; chmod 755 /sys/class
                export DECANT_ROOT=STORE
                PREFIX $decant run --gpus all bookworm ls /dev/dri 2>&1
                PREFIX $decant run --gpus device=0 bookworm ls /dev/dri 2>/dev/null
                PREFIX $decant run bookworm ls -d /dev/dri 2>/dev/null
                PREFIX $decant host | grep -A 2 'AMD GPUs:'
                """.Replace("PREFIX", string.Join(' ', user.Prefix)).Replace("STORE", StoreOf(user))).ExpectOutput("""
                decant: left out: --gpus all: /dev/kfd, which this host does not have: programs of ROCm find no GPU, those that draw or encode do (decant host)
                renderD128
                renderD128
                limited  AMD GPUs: /dev/dri/renderD128; absent: /dev/kfd
                         0: AMD GPU, /dev/dri/renderD128
                         so: ROCm finds no device; graphics and video work

                """);
        }
    }

    /// <summary>With all images in it.</summary>
    static string StoreOf(User user)
    {
        TestImages.PulledAll(user);
        return TestImages.Store(user);
    }

    [Fact]
    public void What_the_user_mounts_wins_and_nothing_is_made_in_it()
    {
        foreach (User user in new[] { User.Root, User.Ordinary })
        {
            OnHostWithDriver(user, """
                mine=$(mktemp -d); trap 'rm -rf $mine' EXIT; mkdir $mine/etc $mine/local; cp /etc/passwd $mine/etc
                run() { $decant run -v $place/probe:/app/probe --gpus all "$@"; }
                run -v $mine/etc:/etc bookworm sh -c '/app/probe; echo $LD_LIBRARY_PATH'
                run -v $mine/local:/usr/local bookworm sh -c 'ls /usr/local; nvidia-smi' 2>&1
                run --tmpfs /usr/local bookworm ls /usr/local 2>&1 | grep -c 'which what you mount on /usr/local hides'
                run -v $mine/local:/usr/local/nvidia/mine bookworm sh -c '/app/probe; ls /usr/local/nvidia | grep mine'
                run -v $mine:/dev bookworm ls -d /dev/nvidia0 2>&1 | grep -o 'left out.*'
                (cd $mine; find | sort)
                """).ExpectOutput("""
                999 /usr/local/nvidia/lib64/libcuda.so.1 and its parts
                /usr/local/nvidia/lib64
                decant: left out: --gpus all: /usr/local/nvidia/lib64/libcuda.so.999.11.02 and 2 more, which what you mount on /usr/local hides
                one GPU
                1
                999 /usr/local/nvidia/lib64/libcuda.so.1 and its parts
                mine
                left out: --gpus all: /dev/nvidia-uvm and 2 more, which what you mount on /dev hides
                .
                ./etc
                ./etc/passwd
                ./local

                """);
        }
    }

    [Fact]
    public void A_named_run_keeps_nothing_of_the_driver_and_all_of_its_own()
    {
        foreach (User user in new[] { User.Root, User.Ordinary })
        {
            OnHostWithDriver(user, """
                run() { $decant run -u 0 --name driven -v $place/probe:/app/probe "$@"; }
                left() { find $DECANT_ROOT/runs/driven/upper -printf '%P\n' | grep -e nvidia -e ld.so -e cuda -e '^usr/local/file$'; }
                run --gpus all bookworm sh -c '/app/probe; nvidia-smi; echo mine >/usr/local/file; echo mine >/etc/file; echo "[$LD_LIBRARY_PATH]"'
                left
                run bookworm sh -c 'cat /usr/local/file /etc/file; ls -d /usr/local/nvidia /usr/bin/nvidia-smi 2>/dev/null; ldconfig -p | grep -c libcuda; stat -c "%a %u" /usr/local /etc'
                run --gpus all bookworm /app/probe
                # A run that is killed leaves no more.
                coproc $decant run --name driven --gpus all bookworm sh -c 'echo ready; exec sleep 100'
                read -r _ <&"${COPROC[0]}"; kill -KILL $COPROC_PID; wait $COPROC_PID 2>/dev/null
                left
                # What a program makes of the loader's table is its own and stays as it is.
                for i in $(seq 100); do run bookworm ldconfig 2>/dev/null && break; sleep 0.1; done
                sum=$(md5sum <$DECANT_ROOT/runs/driven/upper/etc/ld.so.cache)
                run --gpus all bookworm sh -c '/app/probe; echo "[$LD_LIBRARY_PATH]"'
                [ "$sum" = "$(md5sum <$DECANT_ROOT/runs/driven/upper/etc/ld.so.cache)" ] && echo same
                # A run that has removed the places of mounts gets them all the same.
                run bookworm sh -c 'rm -r /usr/local; mkdir /usr/local'
                run --gpus all bookworm sh -c '/app/probe; ls /usr/local'
                $decant rm driven
                """).ExpectOutput("""
                999 /usr/local/nvidia/lib64/libcuda.so.1 and its parts
                one GPU
                []
                usr/local/file
                mine
                mine
                0
                755 0
                755 0
                999 /usr/local/nvidia/lib64/libcuda.so.1 and its parts
                usr/local/file
                999 /usr/local/nvidia/lib64/libcuda.so.1 and its parts
                [/usr/local/nvidia/lib64]
                same
                999 /usr/local/nvidia/lib64/libcuda.so.1 and its parts
                nvidia

                """);
        }
    }

    [Fact]
    public void A_driver_that_is_too_new_for_the_image_keeps_a_program_from_starting_only_where_it_needs_it_to_start()
    {
        OnHostWithDriver(User.Root, """
            cd $place
            echo 'GLIBC_9.99 { future; };' >map; echo 'int future(void) { return 0; }' | cc -shared -nostdlib -x c - -o future.so -Wl,-soname,libc.so.6,--version-script=map
            echo 'int future(void); int version(void) { return 999 + future(); }' | cc -shared -fPIC -x c - -x none -o local/nvidia/lib64/libcuda.so.999.11.02 -Wl,-soname,libcuda.so.1 future.so
            run() { $decant run --gpus all -v $place/needs:/app/needs -v $place/probe:/app/probe bookworm "$@" 2>&1; echo $?; }
            run /app/needs
            $decant doctor --gpus all -v $place/needs:/app/needs bookworm /app/needs | grep ^error
            run /app/probe
            run sh -c '/app/needs; true' | head -n 1
            $decant run --gpus all --no-fix -v $place/needs:/app/needs bookworm /app/needs 2>&1 | grep -c 'cannot start'
            mkdir cdi; $decant host --cdi --no-hooks >cdi/nvidia.yaml
            XDG_CONFIG_HOME=$place $decant run --device nvidia.com/gpu=0 -v $place/needs:/app/needs -e LD_LIBRARY_PATH=/usr/local/nvidia/lib64 bookworm /app/needs 2>&1 | grep -o 'which --device nvidia.com/gpu=0 brings from the host, needs GLIBC_9.99'
            """).ExpectOutput("""
            decant: /app/needs cannot start: /usr/local/nvidia/lib64/libcuda.so.1, which --gpus all brings from the host, needs GLIBC_9.99, and /lib/x86_64-linux-gnu/libc.so.6 of the image, which is of glibc 2.36, does not have it
              fix: use an image of a newer system, or leave --gpus all out
            125
            error  glibc-too-old
            /lib/x86_64-linux-gnu/libc.so.6: version `GLIBC_9.99' not found (required by /usr/local/nvidia/lib64/libcuda.so.1)
            3
            /app/needs: /lib/x86_64-linux-gnu/libc.so.6: version `GLIBC_9.99' not found (required by /usr/local/nvidia/lib64/libcuda.so.1)
            1
            which --device nvidia.com/gpu=0 brings from the host, needs GLIBC_9.99

            """);
    }

    [Fact]
    public void What_a_run_is_refused_for_is_an_error_of_doctor_s() => OnHostWithDriver(User.Ordinary, """
        for more in "" "-e NVIDIA_DISABLE_REQUIRE=1"; do
          $decant run --gpus all -e NVIDIA_REQUIRE_CUDA='cuda>=99.0' $more bookworm true 2>/dev/null; echo $?
          $decant doctor --gpus all -e NVIDIA_REQUIRE_CUDA='cuda>=99.0' $more bookworm true | grep '^error' || echo none
        done
        """).ExpectOutput("125\nerror  cuda-requirement-unmet\n0\nnone\n");

    [Fact]
    public void A_choice_that_cannot_be_is_refused()
    {
        foreach ((string choice, string cause) in new[] { ("device=3", "there is no GPU 3"), ("device=GPU-12", "no GPU GPU-12"), ("2", "this host has 1 GPU"), ("some", "no choice of GPUs") })
            OnHostWithDriver(User.Ordinary, $"$decant run --gpus {choice} bookworm true").ExpectError(125, cause);
        OnHostWithDriver(User.Ordinary, "$decant run --gpus all -e NVIDIA_DRIVER_CAPABILITIES=teleport bookworm true").ExpectError(125, "teleport", "compute, utility");
        OnHostWithDriver(User.Ordinary, "$decant run --gpus all -e NVIDIA_REQUIRE_CUDA='cuda>=99.0 brand=tesla,driver<2' bookworm true").ExpectError(125, "the image wants CUDA 99.0 or later of the driver", "NVIDIA_DISABLE_REQUIRE=1");
        OnHostWithDriver(User.Ordinary, "$decant run --gpus all -e NVIDIA_REQUIRE_CUDA=cuda'>='99.0 -e NVIDIA_DISABLE_REQUIRE=1 bookworm true && $decant run -e NVIDIA_REQUIRE_CUDA=cuda'>='99.0 bookworm true").Expect(0);
        if (!Directory.Exists("/proc/driver/nvidia"))
            DecantBinary.Run(User.Ordinary, "run", "--gpus", "all", "bookworm", "true").ExpectError(125, "no GPU's device node", "decant host");
    }
}
